package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import fyr.model.address.Family;
import fyr.model.address.Prefix;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Gives each new Node its {@code spec.podCIDRs}: a /24 and a /64 of the cluster's pod ranges, the lowest that no other Node has. */
public final class NodePrefixes {
    private NodePrefixes() {}

    /** Completes a new Node in place, unless it says its prefixes itself. */
    public static void complete(ObjectNode node, List<ObjectNode> others, List<Prefix> ranges) {
        ObjectNode spec = Json.child(node, "spec");
        if (spec.has("podCIDR") || spec.has("podCIDRs") || ranges.isEmpty()) {
            return;
        }
        Set<String> taken = new HashSet<>();
        others.forEach(other -> taken.addAll(Json.texts(other, "spec", "podCIDRs")));
        long most = ranges.stream().mapToLong(NodePrefixes::count).min().orElse(0);
        for (long i = 0; i < most; i++) {
            long number = i;
            List<String> prefixes =
                    ranges.stream().map(range -> part(range, number).toString()).toList();
            if (prefixes.stream().noneMatch(taken::contains)) {
                spec.put("podCIDR", prefixes.getFirst());
                ArrayNode list = spec.putArray("podCIDRs");
                prefixes.forEach(list::add);
                return;
            }
        }
    }

    private static int length(Prefix range) {
        return Math.max(range.length(), range.family() == Family.IPV4 ? 24 : 64);
    }

    private static long count(Prefix range) {
        return 1L << Math.min(30, length(range) - range.length());
    }

    /** The node prefix of this number within a range of pod addresses. */
    public static Prefix part(Prefix range, long number) {
        int length = length(range);
        byte[] bytes = range.address().toBytes();
        for (int bit = 0; bit < length - range.length(); bit++) {
            int position = length - 1 - bit;
            if ((number >> bit & 1) == 1) {
                bytes[position / 8] |= (byte) (0x80 >> position % 8);
            }
        }
        return new Prefix(fyr.model.address.IpAddress.of(bytes), length);
    }
}
