package fyr.agent.observe.log;

/**
 * Text on one line, with special characters made visible: part of what is logged comes from others, who must not be able to write entries
 * of their own.
 */
final class OneLine {

    private OneLine() {}

    /**
     * Joins the lines with {@code |} and escapes everything else that is not printable. Takes time in proportion to the length of the text,
     * whatever its contents.
     */
    static String of(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); ) {
            int end = endOfBlanks(text, at);
            if (text.substring(at, end).chars().anyMatch(OneLine::endsLine)) {
                line.append(" | ");
                at = end;
            } else {
                int next = Math.max(end, at + Character.charCount(text.codePointAt(at)));
                text.substring(at, next).codePoints().forEach(c -> append(line, c));
                at = next;
            }
        }
        return line.toString();
    }

    private static int endOfBlanks(String text, int from) {
        int end = from;
        while (end < text.length() && (isBlank(text.charAt(end)) || endsLine(text.charAt(end)))) {
            end++;
        }
        return end;
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    private static boolean endsLine(int c) {
        return c >= '\n' && c <= '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    private static void append(StringBuilder line, int c) {
        if (isPlain(c)) {
            line.appendCodePoint(c);
        } else {
            line.append(String.format("\\u%04x", c));
        }
    }

    /** True unless it is a control character, one that changes the direction of writing, or an unpaired surrogate. */
    static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
