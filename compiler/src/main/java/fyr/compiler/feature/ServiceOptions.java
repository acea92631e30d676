package fyr.compiler.feature;

import fyr.kernel.ipvs.Scheduler;
import fyr.model.address.Prefix;
import java.time.Duration;
import java.util.List;

/**
 * What the operator of a node decides about Services.
 *
 * @param nodePorts at which addresses of the node there are node ports
 * @param masqueradeAll whether endpoints see an address of the node for every connection through a virtual address
 * @param local which connections are known to come from pods
 * @param mode how Services are carried out
 * @param scheduler how mode ipvs chooses endpoints, for Services that do not say it themselves
 * @param timeouts when mode ipvs forgets connections
 */
public record ServiceOptions(
        NodePorts nodePorts,
        boolean masqueradeAll,
        LocalTraffic local,
        ServiceMode mode,
        Scheduler scheduler,
        Timeouts timeouts) {

    /** Node ports at every address, and connections from the node's own blocks are those of pods. */
    public static final ServiceOptions USUAL =
            new ServiceOptions(new NodePorts.Everywhere(), false, new LocalTraffic.NodeBlocks());

    /** Decisions about Services that are carried out in the usual way. */
    public ServiceOptions(NodePorts nodePorts, boolean masqueradeAll, LocalTraffic local) {
        this(nodePorts, masqueradeAll, local, ServiceMode.NFTABLES, Scheduler.RR, Timeouts.AS_THEY_ARE);
    }

    /** The same, carried out in this way. */
    public ServiceOptions in(ServiceMode other) {
        return new ServiceOptions(nodePorts, masqueradeAll, local, other, scheduler, timeouts);
    }

    /** The same with this scheduler. */
    public ServiceOptions with(Scheduler other) {
        return new ServiceOptions(nodePorts, masqueradeAll, local, mode, other, timeouts);
    }

    /** The same with these timeouts. */
    public ServiceOptions with(Timeouts other) {
        return new ServiceOptions(nodePorts, masqueradeAll, local, mode, scheduler, other);
    }

    /**
     * After how much silence IPVS forgets connections; whole seconds count. Zero leaves the node's setting as it is.
     *
     * @param tcp for TCP connections that neither end has closed
     * @param tcpFin for TCP connections that one end has closed
     * @param udp for flows of UDP
     */
    public record Timeouts(Duration tcp, Duration tcpFin, Duration udp) {

        /** Those of the node. */
        public static final Timeouts AS_THEY_ARE = new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    /** At which addresses of a node there are node ports; never at loopback addresses. */
    public sealed interface NodePorts {

        /** At all of them. */
        record Everywhere() implements NodePorts {}

        /**
         * At some of them. A family of which nothing is said has node ports at all of them (as in kube-proxy).
         *
         * @param primary whether at the first InternalIP address of each family
         * @param prefixes at those that lie in one of these
         */
        record At(boolean primary, List<Prefix> prefixes) implements NodePorts {
            public At {
                prefixes = List.copyOf(prefixes);
            }
        }
    }

    /** How connections of pods are recognised ({@code detectLocalMode}). */
    public sealed interface LocalTraffic {

        /** By a source in a block of this node ({@code NodeCIDR}). */
        record NodeBlocks() implements LocalTraffic {}

        /** By a source in one of these prefixes ({@code ClusterCIDR}). */
        record Prefixes(List<Prefix> prefixes) implements LocalTraffic {
            public Prefixes {
                prefixes = List.copyOf(prefixes);
            }
        }

        /** By the link that they arrive on ({@code BridgeInterface}). */
        record Link(String name) implements LocalTraffic {}

        /** By the first letters of its name ({@code InterfaceNamePrefix}). */
        record LinkPrefix(String prefix) implements LocalTraffic {}
    }
}
