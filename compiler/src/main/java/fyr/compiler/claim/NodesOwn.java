package fyr.compiler.claim;

import fyr.compiler.claim.ServiceClaims.NodePort;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.routing.Overlay;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.address.SpecialAddresses;
import fyr.model.persistent.PersistentMap;
import fyr.model.persistent.PrefixMap;
import java.util.List;
import java.util.Optional;

/**
 * Addresses and ports that no Service can have. A Service is translated before anything is routed, so a Service with the address of a pod,
 * of a node or of the API server would take their connections. The API server allocates virtual addresses from a range of their own and
 * node ports from a range as well, but not everything that stands in its store was checked by it.
 *
 * <p>This node knows some of them for certain: addresses of nodes in its own subnet, its own block, and the API server that it talks to.
 * Blocks of other nodes stand only in Node objects, which are no more credible than Services: there the older object wins. An InternalIP in
 * another subnet proves nothing on its own, because a kubelet may write a new one at any time and could take any Service away with it. It
 * counts if it is far from the address of cluster DNS, which comes from the range of virtual addresses.
 *
 * @param nodes which node has which block and address
 */
public record NodesOwn(NodeIdentity identity, NodeClaims nodes) {

    /** The Service by which pods reach the API server; so may this agent. */
    private static final NamespacedName API = new NamespacedName("default", "kubernetes");

    private static final int DNS = 53;

    /** The largest range of virtual addresses has this many bits (kube-apiserver, --service-cluster-ip-range). */
    private static final int RANGE = 20;

    /** Why a service cannot have this virtual address. */
    Optional<String> fault(Service service, IpAddress address) {
        return SpecialAddresses.kind(address)
                .map(kind -> "is a special address (" + kind + ")")
                .or(() -> node(address))
                .or(() -> apiServer(service, address))
                .or(() -> pods(service, address));
    }

    /**
     * Why a service cannot have this address as an external one. It may be one of the nodes' own: such a service is found at the nodes. But
     * a connection that this node needs must not be taken away.
     */
    Optional<String> externalFault(Service service, IpAddress address) {
        return SpecialAddresses.kind(address)
                .map(kind -> "is a special address (" + kind + ")")
                .or(() -> identity.dnsAddresses().contains(address)
                        ? Optional.of("is the address of cluster DNS")
                        : Optional.empty())
                .or(() -> apiServer(service, address))
                .or(() -> pods(service, address));
    }

    private Optional<String> apiServer(Service service, IpAddress address) {
        return identity.apiServer()
                .filter(address::equals)
                .filter(_ -> !service.name().equals(API))
                .map(_ -> "is the address of the API server");
    }

    private Optional<String> node(IpAddress address) {
        return nodes.addresses()
                .get(Prefix.single(address))
                .filter(_ -> identity.uplink().subnets().stream().anyMatch(subnet -> subnet.contains(address))
                        || isFarFromDns(address))
                .map(names -> "is the InternalIP of Node " + names.getFirst());
    }

    private boolean isFarFromDns(IpAddress address) {
        List<IpAddress> dns = identity.dnsAddresses().stream()
                .filter(one -> one.family() == address.family())
                .toList();
        return !dns.isEmpty()
                && dns.stream()
                        .noneMatch(one -> Prefix.containing(one, one.family().bits() - RANGE)
                                .contains(address));
    }

    private Optional<String> pods(Service service, IpAddress address) {
        return nodes.owners()
                .firstOverlapping(Prefix.single(address))
                .filter(block -> block.getValue().equals(identity.name())
                        || nodes.heard()
                                .get(block.getValue())
                                .filter(node -> node.created() <= service.created())
                                .isPresent())
                .map(block -> "lies in " + block.getKey() + ", the pods of Node " + block.getValue());
    }

    /** Why nothing can be served at this node port. */
    Optional<String> fault(NodePort port) {
        if (port.protocol() == Protocol.UDP
                && port.number() == Overlay.PORT
                && identity.overlay() != NodeIdentity.Overlay.DIRECT) {
            return Optional.of("is the port of the tunnel between the nodes");
        }
        return port.number() == DNS
                        && port.protocol() != Protocol.SCTP
                        && !identity.dnsAddresses().isEmpty()
                ? Optional.of("is the port of cluster DNS on each node")
                : Optional.empty();
    }

    /** The addresses and blocks of nodes that differ between these two states: services in them are to be decided again. */
    PrefixMap<Boolean> changed(NodesOwn before) {
        Moves moves = new Moves();
        moves.between(before.nodes.heard(), nodes.heard());
        moves.between(before.nodes.granted(), nodes.granted());
        return moves.all;
    }

    private static final class Moves {
        private PrefixMap<Boolean> all = PrefixMap.empty();

        void between(PersistentMap<String, Node> before, PersistentMap<String, Node> after) {
            after.differences(before, (_, was, is) -> {
                if (was != null) {
                    add(was);
                }
                if (is != null) {
                    add(is);
                }
            });
        }

        private void add(Node node) {
            node.podCidrs().forEach(block -> all = all.with(block, true));
            node.addresses().forEach(address -> all = all.with(Prefix.single(address), true));
        }
    }
}
