package fyr.kernel.route;

import fyr.model.address.IpAddress;
import java.util.Optional;
import java.util.OptionalInt;

/** What happens to packets for a destination. All routes of Fyr have protocol number {@link #PROTOCOL}. */
public sealed interface Route {

    /** rtm_protocol of our routes: free in include/uapi/linux/rtnetlink.h and in iproute2's rt_protos. */
    int PROTOCOL = 171;

    /**
     * Leaves by a link.
     *
     * @param gateway the next hop; empty for destinations on the link itself
     * @param onlink trust that the gateway is on the link although no route says so (RTNH_F_ONLINK)
     * @param source preferred source of the node's own packets
     * @param mtu of this path in bytes, where it is below the link's
     */
    record Unicast(
            String link, Optional<IpAddress> gateway, boolean onlink, Optional<IpAddress> source, OptionalInt mtu)
            implements Route {
        @Override
        public String toString() {
            return gateway.map(via -> "via " + via + " ").orElse("") + "dev " + link + (onlink ? " onlink" : "")
                    + source.map(from -> " src " + from).orElse("")
                    + (mtu.isPresent() ? " mtu " + mtu.getAsInt() : "");
        }
    }

    /**
     * Packets for the destination are for the node itself, although no link has the address. These are in a table of their own
     * ({@code local}), which the kernel looks up before all others (ip rule 0), so that no policy routing comes before them. Routes that the
     * kernel makes there for addresses of links have a better metric.
     */
    record Local() implements Route {
        @Override
        public String toString() {
            return "local";
        }
    }

    /** Answered with "unreachable"; keeps unused addresses of our own block from leaving by the default route. */
    record Unreachable() implements Route {
        @Override
        public String toString() {
            return "unreachable";
        }
    }
}
