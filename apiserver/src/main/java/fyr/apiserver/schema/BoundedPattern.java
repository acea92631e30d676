package fyr.apiserver.schema;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A regular expression of a stranger, matched with a bounded number of steps: backtracking could take longer than anybody waits. */
final class BoundedPattern {
    private static final int MOST_STEPS = 1_000_000;
    private static final int LONGEST = 2_048;

    /** Kubernetes refuses it, and it is what makes matching expensive: back references, look-around, atomic groups. */
    private static final Pattern NOT_IN_RE2 =
            Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*(?:\\\\[1-9k]|\\(\\?(?:=|!|<=|<!|>))");

    private final Pattern pattern;

    private BoundedPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Throws {@link IllegalArgumentException} for what is no regular expression, or too long. */
    static BoundedPattern of(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("longer than " + LONGEST + " characters");
        }
        if (NOT_IN_RE2.matcher(text).find()) {
            throw new IllegalArgumentException("references and look-around are not supported");
        }
        try {
            return new BoundedPattern(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getDescription(), e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("nested too deeply", e);
        }
    }

    /** Whether it is found anywhere in the text; throws {@link IllegalStateException} when that takes too many steps. */
    boolean finds(String text, Budget budget) {
        try {
            return pattern.matcher(new Counted(text, new int[1], budget, 0, text.length()))
                    .find();
        } catch (StackOverflowError e) {
            throw new IllegalStateException("the pattern needs too many steps", e);
        }
    }

    /** Counts how often a character is looked at, and ends a match that looks too often. */
    private record Counted(String text, int[] steps, Budget budget, int start, int end) implements CharSequence {
        @Override
        public int length() {
            return end - start;
        }

        @Override
        public char charAt(int index) {
            if (++steps[0] > MOST_STEPS) {
                throw new IllegalStateException("the pattern needs too many steps");
            }
            budget.spend("pattern");
            return text.charAt(start + index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new Counted(text, steps, budget, start + from, start + to);
        }

        @Override
        public String toString() {
            return text.substring(start, end);
        }
    }
}
