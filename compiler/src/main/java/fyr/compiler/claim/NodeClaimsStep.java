package fyr.compiler.claim;

import fyr.compiler.feature.NodeIdentity;
import fyr.model.Node;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import fyr.model.persistent.PrefixMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Moves from one state of {@link NodeClaims} to another; lives within one call. It decides again about blocks that changed and blocks that
 * overlap them, directly or through others: in a cluster without conflicts, only about the changed node.
 */
final class NodeClaimsStep {

    /** If a block contains the addresses of this many nodes, the block is wrong and not the addresses. */
    private static final int SEVERAL = 2;

    private final NodeClaims before;
    private final NodeIdentity identity;
    private final PersistentMap<String, Node> nodes;
    private final Optional<Node> self;
    private final Set<String> affected = new HashSet<>();
    private final Set<Prefix> undecided = new HashSet<>();
    private PrefixMap<List<String>> claimed;
    private PrefixMap<List<String>> addresses;
    private PrefixMap<String> owners;

    NodeClaimsStep(NodeClaims before, PersistentMap<String, Node> nodes) {
        this.before = before;
        this.identity = before.identity();
        this.nodes = nodes;
        this.self = nodes.get(identity.name());
        this.claimed = before.claimed();
        this.addresses = before.addresses();
        this.owners = before.owners();
    }

    /** A block that a node claims. */
    private record Claim(Prefix block, Node node) {}

    NodeClaims run() {
        Set<Prefix> touched = new HashSet<>();
        Set<Prefix> moved = new HashSet<>();
        nodes.differences(before.heard(), (name, was, is) -> {
            affected.add(name);
            change(was, name, touched, moved, false);
            change(is, name, touched, moved, true);
        });
        moved.forEach(address -> claimants(addresses, address).forEach(affected::add));
        Deque<Prefix> open = new ArrayDeque<>(touched);
        moved.forEach(address -> claimed.overlapping(address).forEach(entry -> open.add(entry.getKey())));
        entangle(open);
        decide();
        return grant();
    }

    private void change(@Nullable Node node, String name, Set<Prefix> touched, Set<Prefix> moved, boolean there) {
        if (node == null) {
            return;
        }
        Plausible plausible = Plausible.of(node, self, identity);
        for (Prefix block : plausible.blocks()) {
            claimed = with(claimed, block, name, there);
            touched.add(block);
        }
        for (IpAddress address : plausible.addresses()) {
            Prefix single = Prefix.single(address);
            addresses = with(addresses, single, name, there);
            moved.add(single);
        }
    }

    private static PrefixMap<List<String>> with(PrefixMap<List<String>> map, Prefix key, String name, boolean there) {
        List<String> names = new ArrayList<>(claimants(map, key));
        names.remove(name);
        if (there) {
            names.add(name);
            names.sort(null);
        }
        return names.isEmpty() ? map.without(key) : map.with(key, List.copyOf(names));
    }

    private static List<String> claimants(PrefixMap<List<String>> map, Prefix key) {
        return map.get(key).orElse(List.of());
    }

    /** All blocks that overlap these, and those that overlap them, and so on. */
    private void entangle(Deque<Prefix> open) {
        for (Prefix block = open.poll(); block != null; block = open.poll()) {
            if (undecided.add(block)) {
                claimed.overlapping(block).forEach(entry -> open.add(entry.getKey()));
            }
        }
    }

    private void decide() {
        PrefixMap<String> earlier = owners;
        List<Claim> claims = new ArrayList<>();
        for (Prefix block : undecided) {
            owners = owners.without(block);
            for (String name : claimants(claimed, block)) {
                affected.add(name);
                claims.add(new Claim(block, nodes.get(name).orElseThrow()));
            }
        }
        claims.sort(Comparator.comparing(Claim::node, this::byAge).thenComparing(Claim::block));
        for (Claim claim : claims) {
            if (owners.firstOverlapping(claim.block).isEmpty() && !around(claim)) {
                owners = owners.with(claim.block, claim.node.name());
            }
        }
        for (Prefix block : undecided) {
            if (!owners.get(block).equals(earlier.get(block))) {
                addresses.overlapping(block).forEach(entry -> affected.addAll(entry.getValue()));
            }
        }
    }

    private int byAge(Node left, Node right) {
        return Comparator.comparing((Node node) -> !node.name().equals(identity.name()))
                .thenComparingLong(Node::created)
                .thenComparing(Node::name)
                .compare(left, right);
    }

    /** Whether a block contains addresses of nodes and is the wrong one of the two. */
    private boolean around(Claim claim) {
        return !claim.node.name().equals(identity.name())
                && !addresses.overlapping(claim.block).isEmpty()
                && blamed(claim);
    }

    private boolean blamed(Claim claim) {
        Set<String> older = new HashSet<>();
        for (Map.Entry<Prefix, List<String>> inside : addresses.overlapping(claim.block)) {
            inside.getValue().stream()
                    .filter(name -> byAge(nodes.get(name).orElseThrow(), claim.node) < 0)
                    .forEach(older::add);
        }
        return older.size() >= SEVERAL;
    }

    private NodeClaims grant() {
        PersistentMap<String, Node> cut = before.cut();
        PersistentMap<String, List<Complaint>> complaints = before.complaints();
        for (String name : affected) {
            Optional<Node> node = nodes.get(name);
            List<Complaint> about = new ArrayList<>();
            Optional<Node> now = node.map(heard -> granted(heard, about));
            cut = now.equals(node) ? cut.without(name) : cut.with(name, now.orElseThrow());
            String object = "Node " + name;
            complaints = about.isEmpty() ? complaints.without(object) : complaints.with(object, List.copyOf(about));
        }
        return new NodeClaims(identity, nodes, claimed, addresses, owners, cut, Overlay.of(nodes, cut), complaints);
    }

    private Node granted(Node node, List<Complaint> about) {
        Plausible plausible = Plausible.of(node, self, identity);
        about.addAll(plausible.complaints());
        List<Prefix> blocks = new ArrayList<>();
        for (Prefix block : plausible.blocks()) {
            if (owners.get(block).filter(node.name()::equals).isPresent()) {
                blocks.add(block);
            } else {
                about.add(complaint(node, "spec.podCIDRs", whyNot(block)));
            }
        }
        List<IpAddress> own = new ArrayList<>();
        for (IpAddress address : plausible.addresses()) {
            Prefix single = Prefix.single(address);
            owners.firstOverlapping(single)
                    .ifPresentOrElse(
                            block -> about.add(complaint(
                                    node,
                                    "status.addresses",
                                    address + " lies in " + block.getKey() + ", the pods of Node " + block.getValue()
                                            + "; left out")),
                            () -> own.add(address));
            shared(node, address)
                    .ifPresent(other -> about.add(complaint(
                            node, "status.addresses", address + " is the InternalIP of Node " + other + " too")));
        }
        boolean whole = own.size() == node.addresses().size()
                && blocks.size() == node.podCidrs().size();
        return whole
                ? node
                : new Node(node.name(), node.created(), own, blocks, node.labels(), node.leaving(), node.ready());
    }

    private String whyNot(Prefix block) {
        return owners.firstOverlapping(block)
                        .map(other -> block + " overlaps " + other.getKey() + " of Node " + other.getValue()
                                + ", which is older, comes first by name or is this node")
                        .orElseGet(() -> block + " lies around "
                                + addresses
                                        .overlapping(block)
                                        .getFirst()
                                        .getKey()
                                        .address()
                                + ", the InternalIP of Node "
                                + addresses
                                        .overlapping(block)
                                        .getFirst()
                                        .getValue()
                                        .getFirst())
                + "; left out";
    }

    /** The oldest other node with this address, if it is older than this one. */
    private Optional<Node> older(Node node, IpAddress address) {
        return claimants(addresses, Prefix.single(address)).stream()
                .map(name -> nodes.get(name).orElseThrow())
                .min(this::byAge)
                .filter(first -> !first.name().equals(node.name()));
    }

    private Optional<String> shared(Node node, IpAddress address) {
        return older(node, address).map(Node::name);
    }

    private static Complaint complaint(Node node, String field, String what) {
        return new Complaint("Node", node.name(), field, what);
    }
}
