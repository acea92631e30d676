package fyr.agent.proxy;

import fyr.cluster.manifest.Manifest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A KubeProxyConfiguration whose fields have the right types: the constructor verifies them all. Every complaint names file, line and
 * field.
 */
final class ProxyDocument {

    private static final int LONGEST_QUOTE = 60;

    private final Manifest manifest;
    private final List<Remark> remarks = new ArrayList<>();
    private int leftOut;

    ProxyDocument(Manifest manifest) {
        this.manifest = manifest;
        manifest.content().forEach((name, value) -> {
            if (!name.equals("apiVersion") && !name.equals("kind")) {
                top(name, value);
            }
        });
    }

    private void top(String name, @Nullable Object value) {
        if (!ProxyFields.isSection(name)) {
            field(name, value);
        } else if (value instanceof Map<?, ?> section) {
            section.forEach((inner, below) -> field(name + "." + inner, below));
        } else if (value != null) {
            throw error(name, "must be a section with fields, not " + quoted(value));
        }
    }

    private void field(String path, @Nullable Object value) {
        Optional<ProxyField> known = ProxyFields.of(path);
        if (known.isEmpty()) {
            unknown(path);
        } else if (value != null) {
            known(known.get(), value);
        }
    }

    private void known(ProxyField field, Object value) {
        if (!field.type().accepts(value)) {
            throw error(field.path(), "must be " + field.type().expected() + ", not " + quoted(value));
        }
        if (!field.type().isAbsent(value)) {
            boolean done =
                    field.treatment() == Treatment.HONOURED || field.satisfied().contains(value);
            remark(field.path(), done ? Treatment.HONOURED : field.treatment(), done ? "" : field.text());
        }
    }

    private void unknown(String path) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        remark(
                quote(path),
                Treatment.UNKNOWN,
                "it has no effect, as with kube-proxy"
                        + ProxyFields.meant(name)
                                .map(meant -> "; " + meant.path() + " is a field: write '" + meant.name() + "'"
                                        + (meant.path().contains(".")
                                                ? " indented below '"
                                                        + meant.path()
                                                                .substring(
                                                                        0,
                                                                        meant.path()
                                                                                .indexOf('.'))
                                                        + ":'"
                                                : " at the top level"))
                                .orElse(""));
    }

    /** Adds a remark about a field that is set. */
    void remark(String field, Treatment treatment, String consequence) {
        if (remarks.size() < ProxyReading.MOST_REMARKS) {
            remarks.add(new Remark(field, treatment, manifest.position(field), consequence));
        } else {
            leftOut++;
        }
    }

    /** The document's name in messages. */
    String source() {
        return manifest.file();
    }

    List<Remark> remarks() {
        return remarks;
    }

    int leftOut() {
        return leftOut;
    }

    /** A text; empty if it is absent. */
    String text(String path) {
        return value(path) instanceof String text ? text : "";
    }

    boolean flag(String path, boolean otherwise) {
        Object value = value(path);
        return value == null ? otherwise : FieldType.flag(value).orElse(otherwise);
    }

    /** An integer within a range. */
    int integer(String path, int otherwise, int least, int most) {
        if (!(value(path) instanceof Long number)) {
            return otherwise;
        }
        if (number < least || number > most) {
            throw error(path, "must be within " + least + ".." + most + ", not " + number);
        }
        return number.intValue();
    }

    /** A duration of zero or more. */
    Duration duration(String path, Duration otherwise) {
        Duration read =
                value(path) instanceof String text ? GoDuration.parse(text).orElse(otherwise) : otherwise;
        if (read.isNegative()) {
            throw error(path, "must not be negative: " + text(path));
        }
        return read;
    }

    List<String> texts(String path) {
        return value(path) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** A number of zero or more. */
    void nonNegative(String path) {
        if (value(path) instanceof Number number && new BigDecimal(number.toString()).signum() < 0) {
            throw error(path, "must not be negative: " + number);
        }
    }

    private @Nullable Object value(String path) {
        int dot = path.indexOf('.');
        Object top = manifest.content().get(dot < 0 ? path : path.substring(0, dot));
        return dot < 0 ? top : top instanceof Map<?, ?> section ? section.get(path.substring(dot + 1)) : null;
    }

    /** A complaint about a field. */
    ProxyConfigurationException error(String path, String what) {
        return new ProxyConfigurationException(manifest.position(path) + ": " + path + " " + what);
    }

    /** A value of somebody else's, short and on one line. */
    static String quoted(Object value) {
        return "'" + quote(String.valueOf(value)) + "'";
    }

    private static String quote(String text) {
        String cut = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text;
        return cut.codePoints()
                .map(c -> Character.isISOControl(c) || c >= 0xd800 && c <= 0xdfff ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
