package fyr.apiserver.object;

import java.util.concurrent.ThreadLocalRandom;

/** Suffixes of generated names, from letters that make no words (apimachinery's rand.String). */
public final class Names {
    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private Names() {}

    /** Five random letters. */
    public static String suffix() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            text.append(LETTERS.charAt(ThreadLocalRandom.current().nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    /** A number in these letters: equal numbers, equal texts. */
    public static String of(long number) {
        StringBuilder text = new StringBuilder();
        long rest = number & Long.MAX_VALUE;
        do {
            text.append(LETTERS.charAt((int) (rest % LETTERS.length())));
            rest /= LETTERS.length();
        } while (rest > 0);
        return text.toString();
    }
}
