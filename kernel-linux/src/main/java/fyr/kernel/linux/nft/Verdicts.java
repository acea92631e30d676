package fyr.kernel.linux.nft;

import static fyr.kernel.linux.nft.NfTables.NFTA_DATA_VERDICT;
import static fyr.kernel.linux.nft.NfTables.NFTA_VERDICT_CHAIN;
import static fyr.kernel.linux.nft.NfTables.NFTA_VERDICT_CODE;
import static fyr.kernel.linux.nft.NfTables.NFT_GOTO;
import static fyr.kernel.linux.nft.NfTables.NFT_JUMP;
import static fyr.kernel.linux.nft.NfTables.NFT_RETURN;
import static fyr.kernel.linux.nft.NfTables.NF_ACCEPT;
import static fyr.kernel.linux.nft.NfTables.NF_DROP;

import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.nft.NftVerdict;

/** NFTA_DATA_VERDICT: verdicts as data of elements and of the expression "immediate". */
final class Verdicts {

    private Verdicts() {}

    static void write(MessageWriter data, NftVerdict verdict) {
        data.nested(NFTA_DATA_VERDICT, fields -> {
            switch (verdict) {
                case NftVerdict.Accept() -> fields.be32(NFTA_VERDICT_CODE, NF_ACCEPT);
                case NftVerdict.Drop() -> fields.be32(NFTA_VERDICT_CODE, NF_DROP);
                case NftVerdict.Return() -> fields.be32(NFTA_VERDICT_CODE, NFT_RETURN);
                case NftVerdict.Jump(String chain) ->
                    fields.be32(NFTA_VERDICT_CODE, NFT_JUMP).string(NFTA_VERDICT_CHAIN, chain);
                case NftVerdict.Goto(String chain) ->
                    fields.be32(NFTA_VERDICT_CODE, NFT_GOTO).string(NFTA_VERDICT_CHAIN, chain);
            }
        });
    }

    static NftVerdict read(Attributes data) {
        Attributes fields = data.nested(NFTA_DATA_VERDICT);
        int code = fields.be32(NFTA_VERDICT_CODE).orElseThrow(() -> new UnknownObject("verdict without code"));
        return switch (code) {
            case NF_ACCEPT -> new NftVerdict.Accept();
            case NF_DROP -> new NftVerdict.Drop();
            case NFT_RETURN -> new NftVerdict.Return();
            case NFT_JUMP -> new NftVerdict.Jump(chain(fields));
            case NFT_GOTO -> new NftVerdict.Goto(chain(fields));
            default -> throw new UnknownObject("verdict " + code);
        };
    }

    private static String chain(Attributes fields) {
        return fields.string(NFTA_VERDICT_CHAIN).orElseThrow(() -> new UnknownObject("verdict without chain"));
    }
}
