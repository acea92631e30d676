package fyr.bgp.message;

import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.Octets;
import java.util.List;

/** Something that a speaker can do and tells its peer (RFC 5492). */
public sealed interface Capability {

    /** Routes of a family can be exchanged (RFC 4760 section 8). */
    record Multiprotocol(AddressFamily family) implements Capability {}

    /** Routes can be announced again on request (RFC 2918). */
    record Refresh() implements Capability {}

    /** Begin and end of a refresh are marked (RFC 7313). */
    record EnhancedRefresh() implements Capability {}

    /** Next hops of other families can be received (RFC 8950 section 4). */
    record ExtendedNextHop(List<Encoding> encodings) implements Capability {

        /**
         * Destinations of a family with next hops of another.
         *
         * @param nextHopAfi 0 to 65535
         */
        public record Encoding(AddressFamily family, int nextHopAfi) {}

        public ExtendedNextHop {
            encodings = List.copyOf(encodings);
        }
    }

    /** Messages of up to 65535 bytes can be received (RFC 8654). */
    record ExtendedMessage() implements Capability {}

    /**
     * The role of the speaker (RFC 9234 section 4.1).
     *
     * @param value 0 to 255; those of {@link Role} are assigned
     */
    record BgpRole(int value) implements Capability {

        /** The capability of a speaker with this role. */
        public static BgpRole of(Role role) {
            return new BgpRole(role.ordinal());
        }
    }

    /**
     * What survives a restart of the speaker (RFC 4724 section 3, RFC 8538 section 2).
     *
     * @param restarting the speaker has restarted (R)
     * @param notifications the restart also follows a NOTIFICATION (N)
     * @param seconds how long routes are to be kept, 0 to 4095
     */
    record GracefulRestart(boolean restarting, boolean notifications, int seconds, List<Preserved> families)
            implements Capability {

        /** Whether packets to routes of a family were forwarded during the restart (F). */
        public record Preserved(AddressFamily family, boolean forwarding) {}

        public GracefulRestart {
            families = List.copyOf(families);
        }
    }

    /** How much longer routes are to be kept, with less preference (RFC 9494 section 3.1). */
    record LongLivedGracefulRestart(List<LongLived> families) implements Capability {

        /**
         * For one family.
         *
         * @param forwarding whether packets were forwarded during the restart (F)
         * @param seconds 0 to 16777215
         */
        public record LongLived(AddressFamily family, boolean forwarding, int seconds) {}

        public LongLivedGracefulRestart {
            families = List.copyOf(families);
        }
    }

    /** The AS number of the speaker, 0 to 4294967295, and that it knows such numbers (RFC 6793). */
    record FourOctetAs(long as) implements Capability {}

    /** Several paths to one destination can be exchanged (RFC 7911 section 4). */
    record AddPath(List<Directions> families) implements Capability {

        /** For one family, at least one of the directions, as the speaker sees it. */
        public record Directions(AddressFamily family, boolean receive, boolean send) {}

        public AddPath {
            families = List.copyOf(families);
        }
    }

    /**
     * Anything else.
     *
     * @param code 0 to 255
     * @param value at most 255 bytes
     */
    record Unknown(int code, Octets value) implements Capability {}
}
