package fyr.kernel.linux.nft;

import static fyr.kernel.linux.nft.NfTables.*;

import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects the elements of one set, which the kernel gives in any order, and puts ranges together from their ends if the set splits them. */
final class ElementReader {

    private final NftKey.SetKey set;
    private final boolean split;
    private final boolean whole;
    private final int keyLength;
    private final boolean map;
    private final List<Entry> entries = new ArrayList<>();

    ElementReader(NftKey.SetKey key, NftObject.Set set) {
        this.set = key;
        this.split = Ranges.areSplit(set);
        this.whole = Ranges.areWhole(set);
        this.keyLength = FieldTypes.length(set.key());
        this.map = set.verdicts() || !set.data().isEmpty();
    }

    /** An entry of the kernel; in a set that splits ranges, a first key, or the first key behind a range. */
    private record Entry(Bytes key, boolean end, NftObject object) {}

    /** An entry with a key that does not fit the set (the catch-all element has none at all) cannot be named and is left out. */
    void add(Attributes element) {
        Optional<byte[]> key =
                element.nested(NFTA_SET_ELEM_KEY).bytes(NFTA_DATA_VALUE).filter(bytes -> bytes.length == keyLength);
        boolean end = (element.be32(NFTA_SET_ELEM_FLAGS).orElse(0) & NFT_SET_ELEM_INTERVAL_END) != 0;
        NftObject object = end
                ? new NftObject.Element(Optional.empty(), new NftData.None())
                : Listing.orForeign(() -> new NftObject.Element(Optional.empty(), data(element)));
        key.map(Bytes::of)
                .ifPresent(first ->
                        entries.add(new Entry(first, end, whole ? until(object, last(element, first)) : object)));
    }

    /** A range of one key may have no end. */
    private Bytes last(Attributes element, Bytes first) {
        return element.nested(NFTA_SET_ELEM_KEY_END)
                .bytes(NFTA_DATA_VALUE)
                .filter(bytes -> bytes.length == keyLength)
                .map(Bytes::of)
                .orElse(first);
    }

    private NftData data(Attributes element) {
        if (!map) {
            return new NftData.None();
        }
        Attributes data = element.nested(NFTA_SET_ELEM_DATA);
        return data.has(NFTA_DATA_VERDICT)
                ? new NftData.Verdict(Verdicts.read(data))
                : new NftData.Value(Bytes.of(
                        data.bytes(NFTA_DATA_VALUE).orElseThrow(() -> new UnknownObject("element without value"))));
    }

    Map<NftKey, NftObject> elements() {
        Map<NftKey, NftObject> elements = new HashMap<>();
        if (!split) {
            entries.forEach(entry -> elements.put(key(entry.key()), entry.object()));
            return elements;
        }
        // Where an interval ends as another begins, its end comes first.
        entries.sort(Comparator.comparing(Entry::key).thenComparing(entry -> !entry.end()));
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (!entry.end()) {
                Optional<Bytes> next = i + 1 < entries.size()
                        ? Ranges.before(entries.get(i + 1).key())
                        : Optional.empty();
                elements.put(key(entry.key()), until(entry.object(), next.orElse(Ranges.last(keyLength))));
            }
        }
        return elements;
    }

    private static NftObject until(NftObject object, Bytes last) {
        return object instanceof NftObject.Element(var _, NftData data)
                ? new NftObject.Element(Optional.of(last), data)
                : object;
    }

    private NftKey key(Bytes key) {
        return new NftKey.ElementKey(set.family(), set.set(), key);
    }
}
