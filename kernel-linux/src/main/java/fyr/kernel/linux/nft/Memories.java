package fyr.kernel.linux.nft;

import static fyr.kernel.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.kernel.linux.nft.NfTables.*;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What rules remember in maps ({@link NftObject.Memory}), read so that it can be written again when a table is made anew. What is remembered
 * between the reading and the writing is lost.
 */
final class Memories {

    /** As of other elements: so many stay below the 64 KiB of their common attribute. */
    private static final int ELEMENTS = 400;

    private Memories() {}

    /** The elements of those maps of {@code actual} that are to stay as they are, as steps that add them. */
    static List<Step> steps(NetlinkSocket socket, Map<NftKey, NftObject> actual, Map<NftKey, NftObject> wanted) {
        List<Step> steps = new ArrayList<>();
        actual.forEach((key, object) -> {
            if (object instanceof NftObject.Memory memory
                    && key instanceof NftKey.SetKey set
                    && memory.equals(wanted.get(key))) {
                steps.addAll(additions(set, elements(socket, set)));
            }
        });
        return steps;
    }

    /** An element, with what is left of its time. */
    private record Remembered(byte[] key, byte[] value, long timeout, long expiration) {}

    private static List<Remembered> elements(NetlinkSocket socket, NftKey.SetKey set) {
        List<Remembered> elements = new ArrayList<>();
        try {
            List<Attributes> parts = socket.dump(
                    "NFT_MSG_GETSETELEM " + set,
                    Messages.listElements(set),
                    message -> Optional.of(message.attributes(NFGENMSG)));
            parts.forEach(part -> part.nested(NFTA_SET_ELEM_LIST_ELEMENTS)
                    .forEach(element -> read(element.nested()).ifPresent(elements::add)));
        } catch (KernelException gone) {
            if (!gone.errno().equals(Errno.ENOENT)) {
                throw gone;
            }
        }
        return elements;
    }

    private static Optional<Remembered> read(Attributes element) {
        Optional<byte[]> key = element.nested(NFTA_SET_ELEM_KEY).bytes(NFTA_DATA_VALUE);
        Optional<byte[]> value = element.nested(NFTA_SET_ELEM_DATA).bytes(NFTA_DATA_VALUE);
        long timeout = element.be64(NFTA_SET_ELEM_TIMEOUT).orElse(0);
        long expiration = element.be64(NFTA_SET_ELEM_EXPIRATION).orElse(0);
        return key.isPresent() && value.isPresent() && expiration > 0 && expiration <= timeout
                ? Optional.of(new Remembered(key.get(), value.get(), timeout, expiration))
                : Optional.empty();
    }

    private static List<Step> additions(NftKey.SetKey set, List<Remembered> elements) {
        List<Step> steps = new ArrayList<>();
        for (int from = 0; from < elements.size(); from += ELEMENTS) {
            steps.add(addition(set, elements.subList(from, Math.min(from + ELEMENTS, elements.size()))));
        }
        return steps;
    }

    private static Step addition(NftKey.SetKey set, List<Remembered> elements) {
        MessageWriter message = Messages.start(NFT_MSG_NEWSETELEM, NLM_F_CREATE, set.family())
                .string(NFTA_SET_ELEM_LIST_TABLE, NftKey.TABLE)
                .string(NFTA_SET_ELEM_LIST_SET, set.set())
                .nested(NFTA_SET_ELEM_LIST_ELEMENTS, list -> elements.forEach(element -> write(list, element)));
        NftKey first = new NftKey.ElementKey(
                set.family(), set.set(), Bytes.of(elements.getFirst().key()));
        return new Step(Step.Kind.NEWSETELEM, first, elements.size(), false, message.toBytes());
    }

    private static void write(MessageWriter list, Remembered element) {
        list.nested(
                NFTA_LIST_ELEM,
                item -> item.nested(NFTA_SET_ELEM_KEY, key -> key.bytes(NFTA_DATA_VALUE, element.key()))
                        .nested(NFTA_SET_ELEM_DATA, value -> value.bytes(NFTA_DATA_VALUE, element.value()))
                        .be64(NFTA_SET_ELEM_TIMEOUT, element.timeout())
                        .be64(NFTA_SET_ELEM_EXPIRATION, element.expiration()));
    }
}
