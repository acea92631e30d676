package fyr.lab.cluster;

import fyr.apiserver.ClusterRanges;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.List;

/** What lab to make. */
public record LabOptions(int nodes, int subnets, ControlPlane controlPlane, Families families) {

    /** A lab whose pods have addresses of both families. */
    public LabOptions(int nodes, int subnets, ControlPlane controlPlane) {
        this(nodes, subnets, controlPlane, Families.DUAL);
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
        return List.of(Integer.toString(nodes), Integer.toString(subnets), controlPlane.name(), families.name());
    }

    static LabOptions parse(List<String> arguments) {
        return new LabOptions(
                Integer.parseInt(arguments.get(0)),
                Integer.parseInt(arguments.get(1)),
                ControlPlane.valueOf(arguments.get(2)),
                Families.valueOf(arguments.get(3)));
    }
}
