package fyr.kernel.linux.nft;

import static fyr.kernel.linux.nft.NfTables.*;

import fyr.kernel.KernelEvent;
import fyr.kernel.Tables;
import fyr.kernel.linux.netlink.Attribute;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkEvents;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftKey;
import fyr.model.address.Family;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Changes that others make to the tables of ours. */
public final class NftEvents implements AutoCloseable {

    private final NftTable own;
    private final NetlinkEvents events;

    private NftEvents(NftTable own, NetlinkEvents events) {
        this.own = own;
        this.events = events;
    }

    /**
     * Subscribes in the calling thread's namespace to changes of tables named fyr. The kernel itself leaves out changes made through {@code
     * own}: loading ten thousand services causes no event and fills no buffer.
     */
    public static NftEvents join(NftTable own) {
        return new NftEvents(own, NetlinkEvents.join(Netlink.NETLINK_NETFILTER, List.of(NFNLGRP_NFTABLES), own.port()));
    }

    /** Starts calling the listener, on the thread {@code nft-events}; for a rebuild of the tables, on the thread that had to do it. */
    public void start(Consumer<KernelEvent> listener) {
        own.whenRebuilt(
                () -> listener.accept(new KernelEvent.Changed(KernelEvent.Subject.NFT, false, "tables rebuilt")));
        events.start(
                "nft-events",
                message -> read(message).ifPresent(listener),
                () -> listener.accept(new KernelEvent.Overrun()));
    }

    /** Ends the subscription. */
    @Override
    public void close() {
        own.whenRebuilt(() -> {});
        events.close();
    }

    /** What a notification says; empty if it is not about a table of ours. */
    static Optional<KernelEvent> read(Message message) {
        if (message.type() >> 8 != NFNL_SUBSYS_NFTABLES
                || Families.fromKernel(message.u8(0)).isEmpty()) {
            return Optional.empty();
        }
        Attributes attributes = message.attributes(NFGENMSG);
        // The table's name is attribute 1 of messages of every kind.
        if (attributes.string(NFTA_TABLE_NAME).filter(NftKey.TABLE::equals).isEmpty()) {
            return Optional.empty();
        }
        Family family = Families.fromKernel(message.u8(0)).orElseThrow();
        return kind(message.type() & 0xff).map(kind -> kind.event(family, attributes));
    }

    /**
     * A kind of message; {@code name} is the attribute that names the object in its table, or 0, and {@code keys} gives what is affected
     * for the object of that name.
     */
    private record Kind(String word, boolean deletion, int name, Keys keys) {

        KernelEvent event(Family family, Attributes attributes) {
            String object = name == 0 ? "" : attributes.string(name).orElse("");
            String text = (deletion ? "deleted " : "") + word + " " + NftKey.word(family) + " " + NftKey.TABLE
                    + (object.isEmpty() ? "" : " " + object);
            return new KernelEvent.EntriesChanged<>(Tables.NFT, keys.of(family, object, attributes), deletion, text);
        }
    }

    private interface Keys {
        Set<NftKey> of(Family family, String object, Attributes attributes);
    }

    private static Optional<Kind> kind(int type) {
        return Optional.ofNullable(
                switch (type) {
                    case NFT_MSG_NEWTABLE -> new Kind("table", false, 0, NftEvents::table);
                    case NFT_MSG_DELTABLE -> new Kind("table", true, 0, NftEvents::table);
                    case NFT_MSG_NEWCHAIN -> new Kind("chain", false, NFTA_CHAIN_NAME, NftEvents::newChain);
                    case NFT_MSG_DELCHAIN -> new Kind("chain", true, NFTA_CHAIN_NAME, NftEvents::chain);
                    case NFT_MSG_NEWRULE -> new Kind("rule", false, NFTA_RULE_CHAIN, NftEvents::chain);
                    case NFT_MSG_DELRULE -> new Kind("rule", true, NFTA_RULE_CHAIN, NftEvents::chain);
                    case NFT_MSG_NEWSET -> new Kind("set", false, NFTA_SET_NAME, NftEvents::set);
                    case NFT_MSG_DELSET -> new Kind("set", true, NFTA_SET_NAME, NftEvents::set);
                    case NFT_MSG_NEWSETELEM -> new Kind("element", false, NFTA_SET_ELEM_LIST_SET, NftEvents::elements);
                    case NFT_MSG_DELSETELEM -> new Kind("element", true, NFTA_SET_ELEM_LIST_SET, NftEvents::elements);
                    default -> null;
                });
    }

    private static Set<NftKey> table(Family family, String name, Attributes attributes) {
        return Set.of(new NftKey.TableKey(family));
    }

    /** A renamed chain is reported only by its new name: which of our chains it was is not reported. */
    private static Set<NftKey> newChain(Family family, String name, Attributes attributes) {
        return Set.of(new NftKey.TableKey(family), new NftKey.ChainKey(family, name));
    }

    private static Set<NftKey> chain(Family family, String name, Attributes attributes) {
        return Set.of(new NftKey.ChainKey(family, name));
    }

    private static Set<NftKey> set(Family family, String name, Attributes attributes) {
        return Set.of(new NftKey.SetKey(family, name));
    }

    /** The end of an interval is reported as an element, too, but is not an element by itself. */
    private static Set<NftKey> elements(Family family, String set, Attributes attributes) {
        Set<NftKey> keys = new HashSet<>();
        for (Attribute each : attributes.nested(NFTA_SET_ELEM_LIST_ELEMENTS)) {
            Attributes element = each.nested();
            boolean end = (element.be32(NFTA_SET_ELEM_FLAGS).orElse(0) & NFT_SET_ELEM_INTERVAL_END) != 0;
            element.nested(NFTA_SET_ELEM_KEY)
                    .bytes(NFTA_DATA_VALUE)
                    .filter(_ -> !end)
                    .ifPresent(bytes -> keys.add(new NftKey.ElementKey(family, set, Bytes.of(bytes))));
        }
        return keys;
    }
}
