package fyr.bgp.message;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads initializers of arrays from sources in C, as far as FRR's tests need it: braces, strings, sums of constants, designators. */
final class CSource {

    /** What an initializer has in one place. */
    sealed interface Node {}

    record Braces(List<Node> items, Map<String, Node> named) implements Node {

        Node at(int position, String name) {
            Node nothing = new Number(0);
            return named.getOrDefault(name, position < items.size() ? items.get(position) : nothing);
        }

        /** The first {@code length} bytes of an array of bytes; those that are not there are zero. */
        byte[] bytes(long length) {
            byte[] bytes = new byte[(int) length];
            for (int i = 0; i < Math.min(length, items.size()); i++) {
                bytes[i] = (byte) number(items.get(i));
            }
            return bytes;
        }
    }

    record Text(String text) implements Node {}

    record Number(long value) implements Node {}

    record Element(String array, int index) implements Node {}

    private static final Pattern TOKEN =
            Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|0x[0-9a-fA-F]+[UuLl]*|\\d+[UuLl]*|\\w+|<<|[^\\s\\w]");
    private static final Pattern DEFINE = Pattern.compile("^\\s*#\\s*define\\s+(\\w+)[ \\t]+(.+)$", Pattern.MULTILINE);
    private static final Pattern ENUMERATOR =
            Pattern.compile("\\b([A-Z]\\w+)\\s*=\\s*(0x[0-9a-fA-F]+|\\d+)\\s*[,}\\n]");

    private final Map<String, String> constants = new HashMap<>();
    private String text = "";
    private final Deque<String> tokens = new ArrayDeque<>();

    /** Takes the constants of a header. */
    CSource header(Path file) throws IOException {
        String header = withoutComments(Files.readString(file));
        define(header);
        ENUMERATOR.matcher(header).results().forEach(each -> constants.putIfAbsent(each.group(1), each.group(2)));
        return this;
    }

    /** The source whose arrays are to be read. */
    CSource source(Path file) throws IOException {
        text = withoutComments(Files.readString(file));
        define(text);
        text = DEFINE.matcher(text).replaceAll("");
        return this;
    }

    private void define(String source) {
        DEFINE.matcher(source).results().forEach(each -> constants.put(each.group(1), each.group(2)));
    }

    private static String withoutComments(String source) {
        return Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL)
                .matcher(source)
                .replaceAll(" ")
                .replaceAll("\\\\\\n", " ")
                .replaceAll("//[^\\n]*", "");
    }

    /** The elements of an array that is defined in the source. */
    List<Braces> array(String name) {
        Matcher start = Pattern.compile("\\b" + name + "\\[\\]\\s*=\\s*").matcher(text);
        if (!start.find()) {
            throw new IllegalStateException("no array " + name);
        }
        tokens.clear();
        TOKEN.matcher(text.substring(start.end(), end(start.end())))
                .results()
                .forEach(each -> tokens.add(each.group()));
        return ((Braces) node())
                .items().stream()
                        .map(Braces.class::cast)
                        .filter(each -> !each.at(0, "name").equals(new Text("NULL")))
                        .toList();
    }

    private int end(int from) {
        int depth = 0;
        for (int at = from; ; at++) {
            depth += text.charAt(at) == '{' ? 1 : text.charAt(at) == '}' ? -1 : 0;
            if (depth == 0) {
                return at + 1;
            }
        }
    }

    private Node node() {
        return switch (tokens.element()) {
            case "{" -> braces();
            case "&" -> element();
            case "NULL" -> new Text(tokens.remove());
            case String token when token.startsWith("\"") -> string();
            case String token when isUnknown(token) -> new Text(tokens.remove());
            default -> new Number(sum());
        };
    }

    /** Whether it is a name without a value in the headers, such as an enumerator that has none. */
    private boolean isUnknown(String token) {
        return Character.isJavaIdentifierStart(token.charAt(0)) && !constants.containsKey(token);
    }

    private Braces braces() {
        tokens.remove();
        List<Node> items = new ArrayList<>();
        Map<String, Node> named = new LinkedHashMap<>();
        while (!tokens.element().equals("}")) {
            expand();
            if (tokens.element().equals(".")) {
                tokens.remove();
                String name = tokens.remove();
                tokens.remove();
                named.put(name, node());
            } else {
                items.add(node());
            }
            if (!tokens.element().equals("}")) {
                expect(",");
            }
        }
        expect("}");
        return new Braces(items, named);
    }

    /** A constant may stand for several elements. */
    private void expand() {
        String value = constants.get(tokens.element());
        if (value != null) {
            tokens.remove();
            List<String> parts =
                    TOKEN.matcher(value).results().map(each -> each.group()).toList();
            parts.reversed().forEach(tokens::addFirst);
            expand();
        }
    }

    private Node element() {
        tokens.remove();
        String name = tokens.remove();
        tokens.remove();
        int index = Integer.parseInt(tokens.remove());
        tokens.remove();
        return new Element(name, index);
    }

    private Node string() {
        StringBuilder all = new StringBuilder();
        while (tokens.element().startsWith("\"")) {
            String token = tokens.remove();
            all.append(token, 1, token.length() - 1);
        }
        return new Text(all.toString());
    }

    /** The operators that occur, product before sum; shifts and ors are in parentheses or alone. */
    private long sum() {
        long value = product();
        while ("+-|".contains(tokens.element()) || tokens.element().equals("<<")) {
            String operator = tokens.remove();
            long next = product();
            value = switch (operator) {
                case "+" -> value + next;
                case "-" -> value - next;
                case "|" -> value | next;
                default -> value << next;
            };
        }
        return value;
    }

    private long product() {
        long value = value();
        while (tokens.element().equals("*")) {
            tokens.remove();
            value *= value();
        }
        return value;
    }

    private void expect(String token) {
        if (!tokens.remove().equals(token)) {
            throw new IllegalStateException("expected " + token + " before " + tokens);
        }
    }

    private long value() {
        expand();
        String token = tokens.remove();
        if (token.equals("(")) {
            long value = sum();
            expect(")");
            return value;
        }
        if (token.equals("-")) {
            return -value();
        }
        return Long.decode(token.replaceAll("[UuLl]", ""));
    }

    static long number(Node node) {
        return node instanceof Number(long value) ? value : 0;
    }

    static String text(Node node) {
        return node instanceof Text(String text) ? text : "";
    }
}
