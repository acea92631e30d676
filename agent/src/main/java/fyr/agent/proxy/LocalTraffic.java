package fyr.agent.proxy;

import fyr.model.address.Prefix;
import java.util.List;

/** {@code detectLocalMode}: how traffic from pods of this node is told from other traffic. */
public sealed interface LocalTraffic {

    /**
     * By a source address within the pods' ranges.
     *
     * @param prefixes at most one of each family; none if nothing is known, and then nothing counts as local
     */
    record FromClusterCidr(List<Prefix> prefixes) implements LocalTraffic {
        public FromClusterCidr {
            prefixes = List.copyOf(prefixes);
        }
    }

    /** By a source address within this node's own block of pod addresses. */
    record FromNodeCidr() implements LocalTraffic {}

    /** By the bridge that it comes from. */
    record FromBridge(String link) implements LocalTraffic {}

    /** By the beginning of the name of the link that it comes from. */
    record FromLinks(String namePrefix) implements LocalTraffic {}
}
