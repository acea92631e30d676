package fyr.dns.message;

import java.util.List;

/**
 * The OPT pseudo-record (RFC 6891): what a sender can take. Its extended response code is part of {@link Flags#code}.
 *
 * @param payload the largest datagram the sender takes, in bytes; below 512 means 512
 * @param version 0 is the only one there is
 * @param dnssecOk whether signatures are wanted (RFC 3225)
 * @param options in the order of the wire; one that is unknown is to be ignored
 */
public record Edns(int payload, int version, boolean dnssecOk, List<Option> options) {

    /** A datagram of this many bytes is fragmented by no link (DNS flag day 2020). */
    public static final int SAFE_PAYLOAD = 1232;

    public Edns {
        options = List.copyOf(options);
    }

    /** Version 0 with the safe payload and no options. */
    public static Edns plain(boolean dnssecOk) {
        return new Edns(SAFE_PAYLOAD, 0, dnssecOk, List.of());
    }

    /** One option; the array is not to be changed. */
    public record Option(int code, byte[] bytes) {

        /** The extended error of RFC 8914 section 2: why a code such as SERVFAIL was given. */
        public static Option extendedError(int infoCode) {
            return new Option(15, new byte[] {(byte) (infoCode >>> 8), (byte) infoCode});
        }
    }
}
