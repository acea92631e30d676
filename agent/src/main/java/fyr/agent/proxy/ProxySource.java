package fyr.agent.proxy;

import fyr.model.NamespacedName;
import java.nio.file.Path;

/** Where a KubeProxyConfiguration comes from. */
public sealed interface ProxySource {

    /** What a text begins with that names a ConfigMap and not a file. */
    String CONFIG_MAP = "configmap:";

    /** A file. */
    record InFile(Path file) implements ProxySource {}

    /** The key {@code config.conf} of a ConfigMap, where kubeadm writes it. */
    record InConfigMap(NamespacedName name) implements ProxySource {}

    /**
     * Reads {@code FILE} or {@code configmap:NAMESPACE/NAME}.
     *
     * @throws IllegalArgumentException if the name of the ConfigMap cannot be one; the message says what is expected
     */
    static ProxySource parse(String text) {
        if (!text.startsWith(CONFIG_MAP)) {
            return new InFile(Path.of(text));
        }
        String name = text.substring(CONFIG_MAP.length());
        if (!name.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")) {
            throw new IllegalArgumentException(
                    "not configmap:NAMESPACE/NAME, as in configmap:kube-system/kube-proxy: '" + text + "'");
        }
        int slash = name.indexOf('/');
        return new InConfigMap(new NamespacedName(name.substring(0, slash), name.substring(slash + 1)));
    }
}
