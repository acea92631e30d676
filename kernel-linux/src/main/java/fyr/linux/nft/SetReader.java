package fyr.linux.nft;

import static fyr.linux.nft.NfTables.*;

import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftObject;
import fyr.linux.netlink.Attributes;
import java.util.List;

/** Reads NFT_MSG_NEWSET. */
final class SetReader {

    private SetReader() {}

    static NftObject.Set read(Attributes set) {
        int flags = set.be32(NFTA_SET_FLAGS).orElse(0);
        if ((flags & ~(NFT_SET_MAP | NFT_SET_INTERVAL)) != 0) {
            throw new UnknownObject("set flags " + flags);
        }
        List<NftField> key = FieldTypes.fields(
                set.be32(NFTA_SET_KEY_TYPE).orElse(0),
                set.be32(NFTA_SET_KEY_LEN).orElse(0));
        boolean interval = (flags & NFT_SET_INTERVAL) != 0;
        if (interval && key.size() != 1) {
            throw new UnknownObject("interval set with " + key.size() + " fields");
        }
        boolean verdicts = set.be32(NFTA_SET_DATA_TYPE).orElse(0) == NFT_DATA_VERDICT;
        return new NftObject.Set(key, data(set, flags, verdicts), verdicts, interval);
    }

    private static List<NftField> data(Attributes set, int flags, boolean verdicts) {
        if ((flags & NFT_SET_MAP) == 0 || verdicts) {
            return List.of();
        }
        return FieldTypes.fields(
                set.be32(NFTA_SET_DATA_TYPE).orElse(0),
                set.be32(NFTA_SET_DATA_LEN).orElse(0));
    }
}
