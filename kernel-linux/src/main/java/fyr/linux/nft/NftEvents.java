package fyr.linux.nft;

import static fyr.linux.nft.NfTables.*;

import fyr.kernel.KernelEvent;
import fyr.kernel.nft.NftKey;
import fyr.linux.netlink.Attributes;
import fyr.linux.netlink.Message;
import fyr.linux.netlink.Netlink;
import fyr.linux.netlink.NetlinkEvents;
import java.util.List;
import java.util.Optional;
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
     * Subscribes in the calling thread's namespace to changes of tables named fyr. What was changed through {@code own} is left out by the
     * kernel itself: loading ten thousand services causes no event and fills no buffer.
     */
    public static NftEvents join(NftTable own) {
        return new NftEvents(own, NetlinkEvents.join(Netlink.NETLINK_NETFILTER, List.of(NFNLGRP_NFTABLES), own.port()));
    }

    /** Begins to call the listener, on the thread {@code nft-events}; for a rebuilding of the tables, on the thread that had to do it. */
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
        String family = Families.fromKernel(message.u8(0)).map(NftKey::word).orElse("");
        return kind(message.type() & 0xff)
                .map(kind -> new KernelEvent.Changed(
                        KernelEvent.Subject.NFT, kind.deletion(), kind.text(family, attributes)));
    }

    /** A kind of message; {@code name} is the attribute that names the object in its table, or 0. */
    private record Kind(String word, boolean deletion, int name) {

        String text(String family, Attributes attributes) {
            String object = name == 0
                    ? ""
                    : attributes.get(name).map(named -> " " + named.string()).orElse("");
            return (deletion ? "deleted " : "") + word + " " + family + " " + NftKey.TABLE + object;
        }
    }

    private static Optional<Kind> kind(int type) {
        return Optional.ofNullable(
                switch (type) {
                    case NFT_MSG_NEWTABLE -> new Kind("table", false, 0);
                    case NFT_MSG_DELTABLE -> new Kind("table", true, 0);
                    case NFT_MSG_NEWCHAIN -> new Kind("chain", false, NFTA_CHAIN_NAME);
                    case NFT_MSG_DELCHAIN -> new Kind("chain", true, NFTA_CHAIN_NAME);
                    case NFT_MSG_NEWRULE -> new Kind("rule", false, NFTA_RULE_CHAIN);
                    case NFT_MSG_DELRULE -> new Kind("rule", true, NFTA_RULE_CHAIN);
                    case NFT_MSG_NEWSET -> new Kind("set", false, NFTA_SET_NAME);
                    case NFT_MSG_DELSET -> new Kind("set", true, NFTA_SET_NAME);
                    case NFT_MSG_NEWSETELEM -> new Kind("element", false, NFTA_SET_ELEM_LIST_SET);
                    case NFT_MSG_DELSETELEM -> new Kind("element", true, NFTA_SET_ELEM_LIST_SET);
                    default -> null;
                });
    }
}
