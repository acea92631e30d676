package fyr.cni.protocol;

/**
 * What the executable prints and how it exits.
 *
 * @param status exit status, 0 for success
 * @param text for standard output: JSON, or empty
 */
public record CniAnswer(int status, String text) {

    /** Success without a result. */
    public static final CniAnswer DONE = new CniAnswer(0, "");
}
