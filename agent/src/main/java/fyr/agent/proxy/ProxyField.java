package fyr.agent.proxy;

import java.util.List;

/**
 * A field that kube-proxy 1.37 knows.
 *
 * @param path as in {@code ipvs.strictARP}
 * @param treatment what the agent does with it
 * @param text what that means; for a field that is not honoured, the consequence
 * @param satisfied the values that the agent carries out although the field as such is not honoured
 */
public record ProxyField(String path, FieldType type, Treatment treatment, String text, List<Object> satisfied) {

    /** A field for which every value is treated alike. */
    ProxyField(String path, FieldType type, Treatment treatment, String text) {
        this(path, type, treatment, text, List.of());
    }

    /** The field's own name, without that of its section. */
    String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
