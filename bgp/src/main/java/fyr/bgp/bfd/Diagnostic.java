package fyr.bgp.bfd;

import java.util.List;

/**
 * Why a session changed its state (RFC 5880 section 4.1).
 *
 * @param code 0 to 31
 */
public record Diagnostic(int code) {

    public static final Diagnostic NONE = new Diagnostic(0);
    public static final Diagnostic DETECTION_TIME_EXPIRED = new Diagnostic(1);
    public static final Diagnostic NEIGHBOR_SIGNALED_DOWN = new Diagnostic(3);
    public static final Diagnostic PATH_DOWN = new Diagnostic(5);
    public static final Diagnostic ADMINISTRATIVELY_DOWN = new Diagnostic(7);

    private static final List<String> TEXTS = List.of(
            "no diagnostic",
            "control detection time expired",
            "echo function failed",
            "neighbor signaled session down",
            "forwarding plane reset",
            "path down",
            "concatenated path down",
            "administratively down",
            "reverse concatenated path down");

    public Diagnostic {
        if (code < 0 || code > 31) {
            throw new IllegalArgumentException("diagnostic " + code + " is not within 0..31");
        }
    }

    @Override
    public String toString() {
        return code < TEXTS.size() ? TEXTS.get(code) : "diagnostic " + code;
    }
}
