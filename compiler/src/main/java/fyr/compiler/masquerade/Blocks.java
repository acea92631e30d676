package fyr.compiler.masquerade;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Prefixes as elements of interval sets, which must not overlap: neighbours and nested ones become one interval. */
final class Blocks {

    private Blocks() {}

    static Map<NftKey, NftObject> elements(String set, Collection<Prefix> prefixes) {
        TreeMap<IpAddress, IpAddress> lastByFirst = new TreeMap<>();
        for (Prefix prefix : new TreeSet<>(prefixes)) {
            Map.Entry<IpAddress, IpAddress> before = lastByFirst.lastEntry();
            if (before != null && touches(before, prefix)) {
                lastByFirst.put(before.getKey(), later(before.getValue(), prefix.last()));
            } else {
                lastByFirst.put(prefix.address(), prefix.last());
            }
        }
        Map<NftKey, NftObject> elements = new TreeMap<>();
        lastByFirst.forEach((first, last) -> elements.put(
                new NftKey.ElementKey(first.family(), set, bytes(first)),
                new NftObject.Element(Optional.of(bytes(last)), new NftData.None())));
        return elements;
    }

    private static boolean touches(Map.Entry<IpAddress, IpAddress> before, Prefix prefix) {
        IpAddress last = before.getValue();
        boolean overlaps = last.compareTo(prefix.address()) >= 0;
        IpAddress next = last.plus(1);
        return last.family() == prefix.family() && (overlaps || next.equals(prefix.address()));
    }

    private static IpAddress later(IpAddress one, IpAddress two) {
        return one.compareTo(two) >= 0 ? one : two;
    }

    private static Bytes bytes(IpAddress address) {
        return Bytes.of(address.toBytes());
    }
}
