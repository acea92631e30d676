package fyr.observe.log;

/** Text that stays on its line, and shows what it holds: others choose a part of what is logged, and must not write entries of their own. */
final class OneLine {

    private OneLine() {}

    /** The lines joined by {@code |}, everything else that does not print as an escape. */
    static String of(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.replaceAll("\\s*\\R\\s*", " | ").codePoints().forEach(c -> {
            if (isPlain(c)) {
                line.appendCodePoint(c);
            } else {
                line.append(String.format("\\u%04x", c));
            }
        });
        return line.toString();
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
