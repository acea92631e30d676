package fyr.agent.proxy;

import fyr.model.address.Prefix;
import java.time.Duration;
import java.util.List;

/**
 * {@code ipvs}: settings of that mode. A timeout of zero leaves the node's.
 *
 * @param scheduler rr unless the configuration names another one; maybe one that the agent does not have
 * @param excludeCidrs addresses of virtual servers that belong to others
 * @param strictArp whether no link answers ARP requests for addresses of other links
 */
public record Ipvs(
        String scheduler, List<Prefix> excludeCidrs, boolean strictArp, Duration tcp, Duration tcpFin, Duration udp) {

    public Ipvs {
        excludeCidrs = List.copyOf(excludeCidrs);
    }
}
