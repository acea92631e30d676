package fyr.cluster.manifest;

import fyr.cluster.yaml.ShallowComposer;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.AnchorNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Converts one YAML document to a tree. Scalars follow the core schema of YAML 1.2, except that a leading zero means octal as in YAML 1.1
 * ({@code defaultMode: 0644}) and merge keys ({@code <<}) are supported: existing manifests use both. Aliases are expanded, up to a limit,
 * so that a few lines cannot become gigabytes.
 */
final class YamlTree {

    private static final int MOST_NODES = 2_000_000;
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
    private static final Pattern OCTAL = Pattern.compile("0o?[0-7]+");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final int LONGEST_NUMBER = 100;

    private final Document document;
    private int nodes;

    YamlTree(Document document) {
        this.document = document;
    }

    @Nullable
    Object value(Node node, int depth) {
        if (++nodes > MOST_NODES || depth > ShallowComposer.DEEPEST) {
            throw error(node, "too large or too deep a document once its aliases are written out");
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar);
            case SequenceNode sequence -> sequence(sequence, depth);
            case MappingNode mapping -> mapping(mapping, depth);
            case AnchorNode anchor -> value(anchor.getRealNode(), depth + 1);
            default -> throw error(node, "an unknown kind of YAML node");
        };
    }

    private LinedList sequence(SequenceNode sequence, int depth) {
        LinedList list = new LinedList();
        for (Node item : sequence.getValue()) {
            list.add(value(item, depth + 1), line(item));
        }
        return list;
    }

    private LinedMap mapping(MappingNode mapping, int depth) {
        LinedMap merged = new LinedMap();
        LinedMap own = new LinedMap();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = key(tuple.getKeyNode());
            Object value = value(tuple.getValueNode(), depth + 1);
            if (key.equals("<<") && plain(tuple.getKeyNode())) {
                merge(tuple.getValueNode(), value, merged);
            } else if (own.containsKey(key)) {
                throw error(tuple.getKeyNode(), "the key '" + key + "' stands twice in one mapping");
            } else {
                own.put(key, value, line(tuple.getKeyNode()));
            }
        }
        merged.forEach((key, value) -> own.putIfAbsent(key, value, merged.line(key, 1)));
        return own;
    }

    private void merge(Node node, @Nullable Object value, LinedMap into) {
        switch (value) {
            case LinedMap map -> map.forEach((key, inner) -> into.putIfAbsent(key, inner, map.line(key, 1)));
            case List<?> list -> list.forEach(inner -> merge(node, inner instanceof LinedMap ? inner : null, into));
            case null, default -> throw error(node, "'<<' takes a mapping or a list of mappings");
        }
    }

    private String key(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw error(node, "a key must be a text");
    }

    private static boolean plain(Node node) {
        return node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN;
    }

    private @Nullable Object scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        if (!plain(scalar) || Tag.STR.equals(scalar.getTag())) {
            return text;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "", "~", "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> number(text);
        };
    }

    private static Object number(String text) {
        if (text.length() > LONGEST_NUMBER) {
            return text;
        } else if (INTEGER.matcher(text).matches()) {
            return JsonText.integer(new BigInteger(text));
        } else if (OCTAL.matcher(text).matches()) {
            return JsonText.integer(new BigInteger(text.replace("o", ""), 8));
        } else if (HEXADECIMAL.matcher(text).matches()) {
            return JsonText.integer(new BigInteger(text.substring(2), 16));
        } else if (FLOAT.matcher(text).matches() && Double.isFinite(Double.parseDouble(text))) {
            return Double.parseDouble(text);
        }
        return text;
    }

    private ManifestException error(Node node, String what) {
        return document.error(YamlText.line(node.getStartMark()), what);
    }

    private int line(Node node) {
        return YamlText.line(node.getStartMark()) + document.line() - 1;
    }
}
