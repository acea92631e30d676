package fyr.lab.cluster;

import fyr.apiserver.ClusterRanges;
import fyr.lab.world.Topology;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Locale;

/**
 * What lab to make.
 *
 * @param zones the number of zones that the nodes are distributed over; 0 for one zone for each subnet
 */
public record LabOptions(
        int nodes, int subnets, int zones, ControlPlane controlPlane, Families families, ServiceMode serviceMode) {

    /** A lab with a zone for each subnet, whose pods have addresses of both families. */
    public LabOptions(int nodes, int subnets, ControlPlane controlPlane) {
        this(nodes, subnets, 0, controlPlane, Families.DUAL, ServiceMode.NFTABLES);
    }

    /** The lab's nodes. */
    Topology topology() {
        Topology all = Topology.of(nodes, subnets);
        Topology zoned = zones == 0 ? all : all.withZones(zones);
        return switch (families) {
            case DUAL -> zoned;
            case IPV4 -> zoned.withPodsOf(Family.IPV4);
        };
    }

    /** By which means of the kernel agents serve Services. */
    public enum ServiceMode {
        /** The default of agents. */
        NFTABLES,
        /** The chains of kube-proxy. */
        IPTABLES,
        /** IP Virtual Server. */
        IPVS;

        /** How agents are told. */
        List<String> agentOptions() {
            return this == NFTABLES ? List.of() : List.of("--service-mode", name().toLowerCase(Locale.ROOT));
        }
    }

    /** Which addresses pods and Services have. Nodes have both families in any case, like any machine with IPv6 enabled. */
    public enum Families {
        /** IPv4 and IPv6. */
        DUAL,
        /** IPv4 alone. */
        IPV4;

        /** Whether pods have addresses of a family. */
        public boolean contains(Family family) {
            return this == DUAL || family == Family.IPV4;
        }

        /** Where cluster DNS answers. */
        List<IpAddress> dnsAddresses() {
            return ClusterRanges.DNS.stream()
                    .filter(address -> contains(address.family()))
                    .toList();
        }
    }

    /** Which API server and controllers are used. */
    public enum ControlPlane {
        /** The ones in this project. */
        EMBEDDED,
        /** The real ones, from the directory {@code $FYR_PEERS}. */
        KUBERNETES
    }

    List<String> arguments() {
        return List.of(
                Integer.toString(nodes),
                Integer.toString(subnets),
                Integer.toString(zones),
                controlPlane.name(),
                families.name(),
                serviceMode.name());
    }

    static LabOptions parse(List<String> arguments) {
        return new LabOptions(
                Integer.parseInt(arguments.get(0)),
                Integer.parseInt(arguments.get(1)),
                Integer.parseInt(arguments.get(2)),
                ControlPlane.valueOf(arguments.get(3)),
                Families.valueOf(arguments.get(4)),
                ServiceMode.valueOf(arguments.get(5)));
    }
}
