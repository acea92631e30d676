package fyr.agent.observe.log;

/** A text as a JSON string (RFC 8259, section 7). */
final class JsonString {

    private JsonString() {}

    static String of(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\t' -> json.append("\\t");
                default -> {
                    if (OneLine.isPlain(c)) {
                        json.appendCodePoint(c);
                    } else {
                        escape(json, c);
                    }
                }
            }
        });
        return json.append('"').toString();
    }

    private static void escape(StringBuilder json, int c) {
        for (char unit : Character.toChars(c)) {
            json.append(String.format("\\u%04x", (int) unit));
        }
    }
}
