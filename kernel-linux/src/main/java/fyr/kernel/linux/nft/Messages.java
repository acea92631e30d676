package fyr.kernel.linux.nft;

import static fyr.kernel.linux.netlink.Netlink.NLM_F_APPEND;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_REQUEST;
import static fyr.kernel.linux.nft.NfTables.*;

import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.nft.Step.Kind;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.model.address.Family;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes each message of a transaction. */
final class Messages {

    private Messages() {}

    static Step newTable(NftKey.TableKey key) {
        return step(
                Kind.NEWTABLE,
                key,
                start(NFT_MSG_NEWTABLE, NLM_F_CREATE, key.family())
                        .string(NFTA_TABLE_NAME, NftKey.TABLE)
                        .be32(NFTA_TABLE_FLAGS, 0));
    }

    static Step deleteTable(NftKey.TableKey key) {
        return step(Kind.DELTABLE, key, start(NFT_MSG_DELTABLE, 0, key.family()).string(NFTA_TABLE_NAME, NftKey.TABLE));
    }

    /** @param id any number that no other set of the same transaction has */
    static Step newSet(NftKey.SetKey key, NftObject.Set set, int id) {
        boolean map = set.verdicts() || !set.data().isEmpty();
        MessageWriter message = start(NFT_MSG_NEWSET, NLM_F_CREATE, key.family())
                .string(NFTA_SET_TABLE, NftKey.TABLE)
                .string(NFTA_SET_NAME, key.set())
                .be32(NFTA_SET_FLAGS, (map ? NFT_SET_MAP : 0) | intervalFlags(set))
                .be32(NFTA_SET_KEY_TYPE, FieldTypes.number(set.key()))
                .be32(NFTA_SET_KEY_LEN, FieldTypes.length(set.key()));
        if (map) {
            message.be32(NFTA_SET_DATA_TYPE, set.verdicts() ? NFT_DATA_VERDICT : FieldTypes.number(set.data()))
                    .be32(NFTA_SET_DATA_LEN, set.verdicts() ? 0 : FieldTypes.length(set.data()));
        }
        if (Ranges.areWhole(set)) {
            message.nested(
                    NFTA_SET_DESC, desc -> desc.nested(NFTA_SET_DESC_CONCAT, fields -> lengths(fields, set.key())));
        }
        return step(Kind.NEWSET, key, message.be32(NFTA_SET_ID, id).bytes(NFTA_SET_USERDATA, UserData.byteOrders(set)));
    }

    private static int intervalFlags(NftObject.Set set) {
        return Ranges.areWhole(set) ? NFT_SET_INTERVAL | NFT_SET_CONCAT : set.interval() ? NFT_SET_INTERVAL : 0;
    }

    private static void lengths(MessageWriter list, List<NftField> fields) {
        fields.forEach(field -> list.nested(NFTA_LIST_ELEM, item -> item.be32(NFTA_SET_FIELD_LEN, field.length())));
    }

    /** @param id as of a set */
    static Step newMemory(NftKey.SetKey key, NftObject.Memory memory, int id) {
        MessageWriter message = start(NFT_MSG_NEWSET, NLM_F_CREATE, key.family())
                .string(NFTA_SET_TABLE, NftKey.TABLE)
                .string(NFTA_SET_NAME, key.set())
                .be32(NFTA_SET_FLAGS, NFT_SET_MAP | NFT_SET_TIMEOUT | NFT_SET_EVAL)
                .be32(NFTA_SET_KEY_TYPE, FieldTypes.number(memory.key()))
                .be32(NFTA_SET_KEY_LEN, FieldTypes.length(memory.key()))
                .be32(NFTA_SET_DATA_TYPE, FieldTypes.number(memory.data()))
                .be32(NFTA_SET_DATA_LEN, FieldTypes.length(memory.data()))
                .nested(NFTA_SET_DESC, desc -> desc.be32(NFTA_SET_DESC_SIZE, memory.size()))
                .be32(NFTA_SET_ID, id)
                .bytes(NFTA_SET_USERDATA, UserData.byteOrders(memory));
        return step(Kind.NEWSET, key, message);
    }

    /** @param id as of a set */
    static Step newMeter(NftKey.SetKey key, NftObject.Meter meter, int id) {
        MessageWriter message = start(NFT_MSG_NEWSET, NLM_F_CREATE, key.family())
                .string(NFTA_SET_TABLE, NftKey.TABLE)
                .string(NFTA_SET_NAME, key.set())
                .be32(NFTA_SET_FLAGS, meter.seconds() == 0 ? NFT_SET_EVAL : NFT_SET_TIMEOUT | NFT_SET_EVAL)
                .be32(NFTA_SET_KEY_TYPE, FieldTypes.number(meter.key()))
                .be32(NFTA_SET_KEY_LEN, FieldTypes.length(meter.key()))
                .nested(NFTA_SET_DESC, desc -> desc.be32(NFTA_SET_DESC_SIZE, meter.size()))
                .be32(NFTA_SET_ID, id)
                .bytes(NFTA_SET_USERDATA, UserData.byteOrders(meter));
        if (meter.seconds() > 0) {
            message.be64(NFTA_SET_TIMEOUT, meter.seconds() * 1000L);
        }
        return step(Kind.NEWSET, key, message);
    }

    static Step deleteSet(NftKey.SetKey key) {
        return step(
                Kind.DELSET,
                key,
                start(NFT_MSG_DELSET, 0, key.family())
                        .string(NFTA_SET_TABLE, NftKey.TABLE)
                        .string(NFTA_SET_NAME, key.set()));
    }

    static Step newChain(NftKey.ChainKey key, Optional<NftHook> hook) {
        MessageWriter message = start(NFT_MSG_NEWCHAIN, NLM_F_CREATE, key.family())
                .string(NFTA_CHAIN_TABLE, NftKey.TABLE)
                .string(NFTA_CHAIN_NAME, key.chain());
        hook.ifPresent(present -> message.string(
                        NFTA_CHAIN_TYPE, present.type().name().toLowerCase(Locale.ROOT))
                .nested(
                        NFTA_CHAIN_HOOK,
                        where -> where.be32(NFTA_HOOK_HOOKNUM, present.point().ordinal())
                                .be32(NFTA_HOOK_PRIORITY, present.priority()))
                .be32(NFTA_CHAIN_POLICY, present.drop() ? NF_DROP : NF_ACCEPT));
        return step(Kind.NEWCHAIN, key, message);
    }

    static Step deleteChain(NftKey.ChainKey key) {
        return step(
                Kind.DELCHAIN,
                key,
                start(NFT_MSG_DELCHAIN, 0, key.family())
                        .string(NFTA_CHAIN_TABLE, NftKey.TABLE)
                        .string(NFTA_CHAIN_NAME, key.chain()));
    }

    /** Deletes all rules of a chain. */
    static Step flushChain(NftKey.ChainKey key) {
        return step(
                Kind.DELRULE,
                key,
                start(NFT_MSG_DELRULE, 0, key.family())
                        .string(NFTA_RULE_TABLE, NftKey.TABLE)
                        .string(NFTA_RULE_CHAIN, key.chain()));
    }

    static Step newRule(NftKey.ChainKey key, NftRule rule) {
        MessageWriter message = start(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, key.family())
                .string(NFTA_RULE_TABLE, NftKey.TABLE)
                .string(NFTA_RULE_CHAIN, key.chain())
                .nested(
                        NFTA_RULE_EXPRESSIONS,
                        list -> rule.expressions()
                                .forEach(expression -> list.nested(
                                        NFTA_LIST_ELEM,
                                        item -> ExpressionWriter.write(item, key.family(), expression))));
        if (!rule.comment().isEmpty()) {
            message.bytes(NFTA_RULE_USERDATA, UserData.comment(rule.comment()));
        }
        return step(Kind.NEWRULE, key, message).joinedToPrevious();
    }

    /**
     * @param elements of one set, at most as many as fit an attribute of 64 KiB
     * @param whole whether the set keeps each range in one entry
     */
    static Step newElements(List<Map.Entry<NftKey.ElementKey, NftObject.Element>> elements, boolean whole) {
        NftKey.ElementKey first = elements.getFirst().getKey();
        MessageWriter message = elementList(NFT_MSG_NEWSETELEM, NLM_F_CREATE, first)
                .nested(
                        NFTA_SET_ELEM_LIST_ELEMENTS,
                        list -> elements.forEach(element -> range(
                                list,
                                element.getKey().key(),
                                element.getValue().last(),
                                whole,
                                element.getValue().data())));
        return new Step(Kind.NEWSETELEM, first, elements.size(), false, message.toBytes());
    }

    /** @param elements of one set, with the last keys of intervals */
    static Step deleteElements(List<Map.Entry<NftKey.ElementKey, Optional<Bytes>>> elements, boolean whole) {
        NftKey.ElementKey first = elements.getFirst().getKey();
        MessageWriter message = elementList(NFT_MSG_DELSETELEM, 0, first)
                .nested(
                        NFTA_SET_ELEM_LIST_ELEMENTS,
                        list -> elements.forEach(element ->
                                range(list, element.getKey().key(), element.getValue(), whole, new NftData.None())));
        return new Step(Kind.DELSETELEM, first, elements.size(), false, message.toBytes());
    }

    /** Asks for one element of a set that does not split ranges. For a key inside a range, the answer is the range. */
    static MessageWriter getElement(NftKey.ElementKey key) {
        return elementList(NFT_MSG_GETSETELEM, 0, key)
                .nested(
                        NFTA_SET_ELEM_LIST_ELEMENTS,
                        list -> element(list, key.key(), Optional.empty(), new NftData.None()));
    }

    /** Asks for all elements of a set. */
    static MessageWriter listElements(NftKey.SetKey key) {
        return start(NFT_MSG_GETSETELEM, 0, key.family())
                .string(NFTA_SET_ELEM_LIST_TABLE, NftKey.TABLE)
                .string(NFTA_SET_ELEM_LIST_SET, key.set());
    }

    private static MessageWriter elementList(int type, int flags, NftKey.ElementKey key) {
        return start(type, flags, key.family())
                .string(NFTA_SET_ELEM_LIST_TABLE, NftKey.TABLE)
                .string(NFTA_SET_ELEM_LIST_SET, key.set());
    }

    private static void range(MessageWriter list, Bytes first, Optional<Bytes> last, boolean whole, NftData data) {
        element(list, first, last.filter(_ -> whole), data);
        last.filter(_ -> !whole).flatMap(Ranges::after).ifPresent(end -> intervalEnd(list, end));
    }

    private static void element(MessageWriter list, Bytes key, Optional<Bytes> last, NftData data) {
        list.nested(NFTA_LIST_ELEM, element -> {
            element.nested(NFTA_SET_ELEM_KEY, NFTA_DATA_VALUE, key.toArray());
            last.ifPresent(bytes -> element.nested(NFTA_SET_ELEM_KEY_END, NFTA_DATA_VALUE, bytes.toArray()));
            switch (data) {
                case NftData.None() -> {}
                case NftData.Value(Bytes bytes) -> element.nested(NFTA_SET_ELEM_DATA, NFTA_DATA_VALUE, bytes.toArray());
                case NftData.Verdict(var verdict) ->
                    element.nested(NFTA_SET_ELEM_DATA, value -> Verdicts.write(value, verdict));
            }
        });
    }

    private static void intervalEnd(MessageWriter list, Bytes end) {
        list.nested(
                NFTA_LIST_ELEM,
                element -> element.be32(NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END)
                        .nested(NFTA_SET_ELEM_KEY, value -> value.bytes(NFTA_DATA_VALUE, end.toArray())));
    }

    /** A message of nf_tables with struct nfgenmsg. */
    static MessageWriter start(int type, int flags, Family family) {
        return header(NFNL_SUBSYS_NFTABLES << 8 | type, flags, Families.toKernel(family), 0);
    }

    /** NFNL_MSG_BATCH_BEGIN or NFNL_MSG_BATCH_END. */
    static MessageWriter batch(int type) {
        return header(type, 0, 0, NFNL_SUBSYS_NFTABLES);
    }

    private static MessageWriter header(int type, int flags, int family, int resource) {
        return MessageWriter.of(type, NLM_F_REQUEST | flags)
                .put8(family)
                .put8(0)
                .putBe16(resource);
    }

    private static Step step(Kind kind, NftKey key, MessageWriter message) {
        return new Step(kind, key, 1, false, message.toBytes());
    }
}
