package fyr.lab.check;

import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.policy.Endpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The source of a probe, and its network. */
sealed interface Source {

    /** Its name for people: {@code namespace/pod}, {@code node:name} or {@code outside}. */
    String name();

    Path network();

    /** The addresses that an endpoint on that node may see; empty if it has no address of the family. */
    List<Endpoint> seenFrom(Optional<String> node, Family family);

    /** A pod with a network of its own. */
    record OfPod(Pod pod, Path network) implements Source {

        @Override
        public String name() {
            return pod.name().toString();
        }

        @Override
        public List<Endpoint> seenFrom(Optional<String> node, Family family) {
            return pod.address(family).stream()
                    .<Endpoint>map(address -> new Endpoint.OfPod(pod, address))
                    .toList();
        }
    }

    /** A node itself, or a pod in its network. */
    record OfNode(String name, Node node, Path network) implements Source {

        @Override
        public List<Endpoint> seenFrom(Optional<String> other, Family family) {
            return asFrom(node, other, family);
        }
    }

    /** A machine outside the cluster, which reaches services through the node ports of one node. */
    record Outside(Path network, List<IpAddress> addresses, Node asked) implements Source {

        static final String NAME = "outside";

        public Outside {
            addresses = List.copyOf(addresses);
        }

        @Override
        public String name() {
            return NAME;
        }

        /** Its own address for endpoints on the node that it connects to, the address of that node for endpoints elsewhere. */
        @Override
        public List<Endpoint> seenFrom(Optional<String> node, Family family) {
            return node.filter(asked.name()::equals).isPresent()
                    ? addresses.stream()
                            .filter(address -> address.family() == family)
                            .<Endpoint>map(Endpoint.OfAddress::new)
                            .toList()
                    : asFrom(asked, node, family);
        }
    }

    /** Where the path goes through the overlay, a node has the address of its overlay's link: the first of its block. */
    private static List<Endpoint> asFrom(Node node, Optional<String> other, Family family) {
        List<IpAddress> addresses = new ArrayList<>(node.addresses());
        if (other.filter(node.name()::equals).isEmpty()) {
            node.podCidrs().stream().map(Prefix::address).forEach(addresses::add);
        }
        return addresses.stream()
                .filter(address -> address.family() == family)
                .<Endpoint>map(Endpoint.OfAddress::new)
                .toList();
    }
}
