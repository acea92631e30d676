package fyr.cluster.read;

/** The beginning of text from others: a value may have 256 KiB, and messages about it are kept, logged and written into Events. */
final class Excerpt {

    /** Characters of one value. */
    private static final int VALUE = 100;

    private static final String MORE = "...";

    private Excerpt() {}

    /** Enough of a value for people to recognize it. */
    static String of(String value) {
        return of(value, VALUE);
    }

    /** At most so many characters, none of them split, and a sign that there are more. */
    static String of(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = most - MORE.length();
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + MORE;
    }
}
