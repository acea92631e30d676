package fyr.observe.log;

/** Text that stays on its line, and shows what it holds: others choose a part of what is logged, and must not write entries of their own. */
final class OneLine {

    private OneLine() {}

    /** The lines joined by {@code |}, everything else that does not print as an escape. Takes time in proportion to the text, whatever stands in it. */
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

    /** Neither a control character, nor one that turns the direction of writing, nor half a character. */
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
