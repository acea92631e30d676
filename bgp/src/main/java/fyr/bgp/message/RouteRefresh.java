package fyr.bgp.message;

import fyr.bgp.path.AddressFamily;

/**
 * About all routes of a family (RFC 2918, RFC 7313).
 *
 * @param subtype {@link #REQUEST}, {@link #BEGIN} or {@link #END}; others, up to 255, are to be ignored
 */
public record RouteRefresh(AddressFamily family, int subtype) implements Message {

    /** Announce them again. */
    public static final int REQUEST = 0;

    /** They are now announced again (BoRR). */
    public static final int BEGIN = 1;

    /** They have all been announced again (EoRR): what has not is gone. */
    public static final int END = 2;
}
