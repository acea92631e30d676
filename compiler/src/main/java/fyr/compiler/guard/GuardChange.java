package fyr.compiler.guard;

import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.routing.Overlay;
import fyr.compiler.routing.Path;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.Attachment;
import fyr.model.Node;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sets while one plan becomes the next; lives within one call. */
final class GuardChange {

    private static final int IFNAMSIZ = 16; // include/uapi/linux/if.h
    private static final NftObject MEMBER = new NftObject.Element(Optional.empty(), new NftData.None());

    private final NodeIdentity identity;
    private final Optional<Node> self;
    private Tally<NftKey> held;
    private PersistentMap<NftKey, NftObject> objects;

    GuardChange(
            NodeIdentity identity, Optional<Node> self, Tally<NftKey> held, PersistentMap<NftKey, NftObject> objects) {
        this.identity = identity;
        this.self = self;
        this.held = held;
        this.objects = objects;
    }

    void attachment(@Nullable Attachment before, @Nullable Attachment after) {
        change(elements(Optional.ofNullable(before)), elements(Optional.ofNullable(after)));
    }

    private static Map<NftKey, NftObject> elements(Optional<Attachment> attachment) {
        Map<NftKey, NftObject> elements = new TreeMap<>();
        attachment.ifPresent(pod -> pod.addresses().forEach(address -> {
            Bytes bytes = bytes(address);
            elements.put(new NftKey.ElementKey(address.family(), SourceRuleset.ADDRESSES, bytes), MEMBER);
            elements.put(
                    new NftKey.ElementKey(
                            address.family(), SourceRuleset.PODS, Bytes.concatenate(link(pod.hostLink()), bytes)),
                    MEMBER);
        }));
        return elements;
    }

    void node(@Nullable Node before, @Nullable Node after) {
        change(elementsOf(Optional.ofNullable(before)), elementsOf(Optional.ofNullable(after)));
    }

    private Map<NftKey, NftObject> elementsOf(Optional<Node> node) {
        Map<NftKey, NftObject> elements = new TreeMap<>();
        node.ifPresent(there -> {
            Overlay.endpoint(there).ifPresent(end -> {
                elements.put(end(there, end), MEMBER);
                there.podCidrs().forEach(block -> elements.put(block(block, end), owner(block, end)));
            });
            there.podCidrs().stream()
                    .filter(block -> comesByTunnel(there, block))
                    .forEach(block -> elements.put(
                            new NftKey.ElementKey(block.family(), SourceRuleset.TUNNELLED, bytes(block.address())),
                            new NftObject.Element(Optional.of(bytes(block.last())), new NftData.None())));
        });
        return elements;
    }

    private boolean comesByTunnel(Node node, Prefix block) {
        return !node.name().equals(identity.name()) && Path.comesByTunnel(node, block.family(), identity, self);
    }

    private NftKey end(Node node, IpAddress end) {
        Bytes bytes = bytes(end);
        return node.name().equals(identity.name())
                ? new NftKey.ElementKey(
                        end.family(),
                        TunnelRuleset.OWN_END,
                        Bytes.concatenate(link(identity.uplink().name()), bytes))
                : new NftKey.ElementKey(end.family(), TunnelRuleset.ENDS, Bytes.concatenate(bytes, bytes));
    }

    private static NftKey block(Prefix block, IpAddress end) {
        return new NftKey.ElementKey(end.family(), TunnelRuleset.blocks(block.family()), bytes(block.address()));
    }

    /** The leading word is the one that {@link TunnelRuleset} describes for lookup results in keys. */
    private static NftObject owner(Prefix block, IpAddress end) {
        return new NftObject.Element(
                Optional.of(bytes(block.last())), new NftData.Value(Bytes.concatenate(Bytes.host32(0), bytes(end))));
    }

    /** If something passes from one holder to another in one step, both hold it for a moment, whatever the order. */
    private void change(Map<NftKey, NftObject> gone, Map<NftKey, NftObject> come) {
        come.forEach((key, object) -> {
            held = held.more(key);
            objects = objects.with(key, object);
        });
        gone.keySet().forEach(key -> {
            held = held.less(key);
            objects = held.has(key) ? objects : objects.without(key);
        });
    }

    GuardPlan finish(GuardPlan.Inputs inputs) {
        return new GuardPlan(inputs, held, objects);
    }

    private static Bytes link(String name) {
        return Bytes.of(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), IFNAMSIZ));
    }

    private static Bytes bytes(IpAddress address) {
        return Bytes.of(address.toBytes());
    }
}
