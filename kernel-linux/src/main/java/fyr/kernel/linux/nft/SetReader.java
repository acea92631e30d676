package fyr.kernel.linux.nft;

import static fyr.kernel.linux.nft.NfTables.*;

import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftObject;
import java.util.List;

/** Reads NFT_MSG_NEWSET. */
final class SetReader {

    private SetReader() {}

    static NftObject read(Attributes set) {
        int flags = set.be32(NFTA_SET_FLAGS).orElse(0);
        return switch (flags) {
            case NFT_SET_EVAL, NFT_SET_TIMEOUT | NFT_SET_EVAL -> meter(set);
            case NFT_SET_TIMEOUT | NFT_SET_EVAL | NFT_SET_MAP -> memory(set);
            default -> set(set, flags);
        };
    }

    private static NftObject.Meter meter(Attributes set) {
        return new NftObject.Meter(key(set), (int) (set.be64(NFTA_SET_TIMEOUT).orElse(0) / 1000), size(set));
    }

    /** Each rule says when what it adds expires. */
    private static NftObject.Memory memory(Attributes set) {
        boolean verdicts = set.be32(NFTA_SET_DATA_TYPE).orElse(0) == NFT_DATA_VERDICT;
        if (verdicts || set.be64(NFTA_SET_TIMEOUT).orElse(0) != 0) {
            throw new UnknownObject("map with a timeout or verdicts that rules fill");
        }
        return new NftObject.Memory(key(set), data(set), size(set));
    }

    private static int size(Attributes set) {
        return set.nested(NFTA_SET_DESC).be32(NFTA_SET_DESC_SIZE).orElse(0);
    }

    private static NftObject.Set set(Attributes set, int flags) {
        List<NftField> key = key(set);
        boolean interval = (flags & NFT_SET_INTERVAL) != 0;
        int concatenation = interval && key.size() > 1 ? NFT_SET_CONCAT : 0;
        if ((flags & ~(NFT_SET_MAP | NFT_SET_INTERVAL)) != concatenation) {
            throw new UnknownObject("set flags " + flags + " with " + key.size() + " fields");
        }
        boolean verdicts = set.be32(NFTA_SET_DATA_TYPE).orElse(0) == NFT_DATA_VERDICT;
        boolean values = (flags & NFT_SET_MAP) != 0 && !verdicts;
        return new NftObject.Set(key, values ? data(set) : List.of(), verdicts, interval);
    }

    private static List<NftField> key(Attributes set) {
        return FieldTypes.fields(
                set.be32(NFTA_SET_KEY_TYPE).orElse(0),
                set.be32(NFTA_SET_KEY_LEN).orElse(0));
    }

    private static List<NftField> data(Attributes set) {
        return FieldTypes.fields(
                set.be32(NFTA_SET_DATA_TYPE).orElse(0),
                set.be32(NFTA_SET_DATA_LEN).orElse(0));
    }
}
