package fyr.cluster.read;

/** The beginning of what others wrote: a value may have 256 KiB, and what is said about it is kept, logged and written into Events. */
final class Excerpt {

    /** Characters of one value. */
    private static final int VALUE = 100;

    private static final String MORE = "...";

    private Excerpt() {}

    /** As much of a value as tells people which one it is. */
    static String of(String value) {
        return of(value, VALUE);
    }

    /** At most so many characters, none of them cut in half, and a sign that there are more. */
    static String of(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = most - MORE.length();
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + MORE;
    }
}
