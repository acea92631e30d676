package fyr.kernel.linux.nft;

import static fyr.kernel.linux.nft.NfTables.NFGENMSG;
import static fyr.kernel.linux.nft.NfTables.NFTA_SET_ELEM_LIST_ELEMENTS;

import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads elements by their keys, at a cost that depends on their number and not on the size of their sets. */
final class Elements {

    private Elements() {}

    /**
     * Those of the elements that exist.
     *
     * @param structure the sets, of which those that split ranges are read completely: they are small, and the kernel's answer for one of
     *     their elements does not say where it ends
     */
    static Map<NftKey, NftObject> read(
            NetlinkSocket socket, Collection<NftKey.ElementKey> keys, Map<NftKey, NftObject> structure) {
        Map<NftKey, NftObject> found = new TreeMap<>();
        Map<NftKey.SetKey, List<NftKey.ElementKey>> bySet = new LinkedHashMap<>();
        keys.forEach(key -> bySet.computeIfAbsent(new NftKey.SetKey(key.family(), key.set()), _ -> new ArrayList<>())
                .add(key));
        bySet.forEach((set, ofSet) -> {
            if (structure.get(set) instanceof NftObject.Set type) {
                if (Ranges.areSplit(type)) {
                    Map<NftKey, NftObject> all = new HashMap<>(Listing.intervals(socket, set, type));
                    all.keySet().retainAll(ofSet);
                    found.putAll(all);
                } else {
                    ask(socket, ofSet, set, type, found);
                }
            }
        });
        return found;
    }

    private static void ask(
            NetlinkSocket socket,
            List<NftKey.ElementKey> keys,
            NftKey.SetKey set,
            NftObject.Set type,
            Map<NftKey, NftObject> found) {
        ElementReader reader = new ElementReader(set, type);
        List<MessageWriter> questions = keys.stream().map(Messages::getElement).toList();
        // A refused element does not exist (ENOENT), or cannot exist: writing it will show that.
        socket.getEach(
                "NFT_MSG_GETSETELEM " + set,
                questions,
                (_, message) -> message.attributes(NFGENMSG)
                        .nested(NFTA_SET_ELEM_LIST_ELEMENTS)
                        .forEach(element -> reader.add(element.nested())));
        // A key inside a range is answered with the range.
        Map<NftKey, NftObject> answered = reader.elements();
        answered.keySet().retainAll(keys);
        found.putAll(answered);
    }
}
