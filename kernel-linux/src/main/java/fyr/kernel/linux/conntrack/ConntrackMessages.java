package fyr.kernel.linux.conntrack;

import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackEntry.Tuple;
import fyr.kernel.conntrack.ConntrackUse;
import fyr.kernel.linux.netlink.Attribute;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.Netlink;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.Optional;

/** Messages of ctnetlink; names and numbers of include/uapi/linux/netfilter/nfnetlink_conntrack.h. */
final class ConntrackMessages {

    private static final int NFNL_SUBSYS_CTNETLINK = 1;
    private static final int IPCTNL_MSG_CT_GET = 1;
    private static final int IPCTNL_MSG_CT_DELETE = 2;
    private static final int IPCTNL_MSG_CT_GET_STATS_CPU = 4;
    private static final int IPCTNL_MSG_CT_GET_STATS = 5;
    private static final int NFPROTO_UNSPEC = 0;
    private static final int NFPROTO_IPV4 = 2;
    private static final int NFPROTO_IPV6 = 10;
    private static final int NFGENMSG = 4;

    private static final int CTA_TUPLE_ORIG = 1;
    private static final int CTA_TUPLE_REPLY = 2;
    private static final int CTA_STATUS = 3;
    private static final int CTA_ID = 12;
    private static final int CTA_STATUS_MASK = 26;
    /** Of include/uapi/linux/netfilter/nf_conntrack_common.h. */
    private static final int IPS_SEEN_REPLY = 1 << 1;

    private static final int CTA_TUPLE_IP = 1;
    private static final int CTA_TUPLE_PROTO = 2;
    private static final int CTA_TUPLE_ZONE = 3;
    private static final int CTA_IP_V4_SRC = 1;
    private static final int CTA_IP_V4_DST = 2;
    private static final int CTA_IP_V6_SRC = 3;
    private static final int CTA_IP_V6_DST = 4;
    private static final int CTA_PROTO_NUM = 1;
    private static final int CTA_PROTO_SRC_PORT = 2;
    private static final int CTA_PROTO_DST_PORT = 3;
    private static final int CTA_FILTER = 25;
    private static final int CTA_FILTER_ORIG_FLAGS = 1;
    private static final int CTA_FILTER_REPLY_FLAGS = 2;
    /** Of net/netfilter/nf_internals.h: compare the source, the destination, the protocol number. */
    private static final int CTA_FILTER_F_CTA_IP_SRC = 1 << 0;

    private static final int CTA_FILTER_F_CTA_IP_DST = 1 << 1;
    private static final int CTA_FILTER_F_CTA_PROTO_NUM = 1 << 3;

    private static final int CTA_STATS_INSERT_FAILED = 9;
    private static final int CTA_STATS_DROP = 10;
    private static final int CTA_STATS_EARLY_DROP = 11;
    private static final int CTA_STATS_GLOBAL_ENTRIES = 1;
    private static final int CTA_STATS_GLOBAL_MAX_ENTRIES = 2;

    private ConntrackMessages() {}

    /** An entry, with the attributes that identify it to the kernel: the number alone may belong to another connection by now. */
    record Found(ConntrackEntry entry, Family family, byte[] original, Optional<byte[]> id) {}

    /** A listing of one protocol. Kernels before 5.8 do not know the filter and list all. */
    static MessageWriter list(Family family, int protocol) {
        return start(IPCTNL_MSG_CT_GET, number(family))
                .nested(
                        CTA_TUPLE_ORIG,
                        tuple -> tuple.nested(CTA_TUPLE_PROTO, proto -> proto.u8(CTA_PROTO_NUM, protocol)))
                .nested(
                        CTA_FILTER,
                        filter -> filter.u32(CTA_FILTER_ORIG_FLAGS, CTA_FILTER_F_CTA_PROTO_NUM)
                                .u32(CTA_FILTER_REPLY_FLAGS, 0));
    }

    /** Where an address can appear in an entry. */
    enum Place {
        ORIGINAL_SOURCE(CTA_TUPLE_ORIG, true),
        ORIGINAL_DESTINATION(CTA_TUPLE_ORIG, false),
        REPLY_SOURCE(CTA_TUPLE_REPLY, true),
        REPLY_DESTINATION(CTA_TUPLE_REPLY, false);

        private final int tuple;
        private final boolean source;

        Place(int tuple, boolean source) {
            this.tuple = tuple;
            this.source = source;
        }

        private int attribute(Family family) {
            return switch (family) {
                case IPV4 -> source ? CTA_IP_V4_SRC : CTA_IP_V4_DST;
                case IPV6 -> source ? CTA_IP_V6_SRC : CTA_IP_V6_DST;
            };
        }

        /** What to compare of this tuple. */
        private int flags(int of) {
            return of != tuple ? 0 : source ? CTA_FILTER_F_CTA_IP_SRC : CTA_FILTER_F_CTA_IP_DST;
        }
    }

    /** A listing of the entries that have an address in one position. Kernels before 5.8 do not know the filter and list all. */
    static MessageWriter list(IpAddress address, Place place) {
        return start(IPCTNL_MSG_CT_GET, number(address.family()))
                .nested(
                        place.tuple,
                        tuple -> tuple.nested(
                                CTA_TUPLE_IP, ip -> ip.bytes(place.attribute(address.family()), address.toBytes())))
                .nested(
                        CTA_FILTER,
                        filter -> filter.u32(CTA_FILTER_ORIG_FLAGS, place.flags(CTA_TUPLE_ORIG))
                                .u32(CTA_FILTER_REPLY_FLAGS, place.flags(CTA_TUPLE_REPLY)));
    }

    /** A listing of everything, in one walk over the table. */
    static MessageWriter list() {
        return start(IPCTNL_MSG_CT_GET, NFPROTO_UNSPEC);
    }

    /** A listing of the entries without any answer. Older kernels do not know the mask and list all. */
    static MessageWriter listUnreplied() {
        return list().be32(CTA_STATUS, 0).be32(CTA_STATUS_MASK, IPS_SEEN_REPLY);
    }

    /** Asks how many entries there are and may be. */
    static MessageWriter total() {
        return start(IPCTNL_MSG_CT_GET_STATS, NFPROTO_UNSPEC);
    }

    /** Asks for the counters of every processor. */
    static MessageWriter counters() {
        return start(IPCTNL_MSG_CT_GET_STATS_CPU, NFPROTO_UNSPEC);
    }

    /** The answer to {@link #total}; no counters. */
    static ConntrackUse readTotal(Message message) {
        Attributes attributes = message.attributes(NFGENMSG);
        return new ConntrackUse(
                number(attributes, CTA_STATS_GLOBAL_ENTRIES),
                number(attributes, CTA_STATS_GLOBAL_MAX_ENTRIES),
                0,
                0,
                0);
    }

    /** One processor's part of the answer to {@link #counters}; no entries. */
    static ConntrackUse readCounters(Message message) {
        Attributes attributes = message.attributes(NFGENMSG);
        return new ConntrackUse(
                0,
                0,
                number(attributes, CTA_STATS_INSERT_FAILED),
                number(attributes, CTA_STATS_DROP),
                number(attributes, CTA_STATS_EARLY_DROP));
    }

    private static long number(Attributes attributes, int type) {
        return Integer.toUnsignedLong(attributes.be32(type).orElse(0));
    }

    static MessageWriter delete(Found found) {
        MessageWriter message =
                start(IPCTNL_MSG_CT_DELETE, number(found.family())).bytes(CTA_TUPLE_ORIG | 0x8000, found.original());
        found.id().ifPresent(id -> message.bytes(CTA_ID, id));
        return message;
    }

    private static int number(Family family) {
        return switch (family) {
            case IPV4 -> NFPROTO_IPV4;
            case IPV6 -> NFPROTO_IPV6;
        };
    }

    private static MessageWriter start(int type, int family) {
        return MessageWriter.of(NFNL_SUBSYS_CTNETLINK << 8 | type, Netlink.NLM_F_REQUEST)
                .put8(family)
                .put8(0)
                .putBe16(0);
    }

    /** An entry of IPv4 or IPv6; empty for anything else. */
    static Optional<Found> read(Message message) {
        Attributes attributes = message.attributes(NFGENMSG);
        Optional<Tuple> original = tuple(attributes.nested(CTA_TUPLE_ORIG));
        Optional<Tuple> reply = tuple(attributes.nested(CTA_TUPLE_REPLY));
        if (original.isEmpty() || reply.isEmpty()) {
            return Optional.empty();
        }
        boolean replied = (attributes.be32(CTA_STATUS).orElse(0) & IPS_SEEN_REPLY) != 0;
        ConntrackEntry entry = new ConntrackEntry(original.get(), reply.get(), replied);
        byte[] name = attributes.get(CTA_TUPLE_ORIG).map(Attribute::bytes).orElseThrow();
        return Optional.of(new Found(entry, original.get().source().family(), name, attributes.bytes(CTA_ID)));
    }

    private static Optional<Tuple> tuple(Attributes tuple) {
        Attributes ip = tuple.nested(CTA_TUPLE_IP);
        Attributes proto = tuple.nested(CTA_TUPLE_PROTO);
        Optional<IpAddress> source = address(ip, CTA_IP_V4_SRC, CTA_IP_V6_SRC);
        Optional<IpAddress> destination = address(ip, CTA_IP_V4_DST, CTA_IP_V6_DST);
        if (source.isEmpty() || destination.isEmpty() || !proto.has(CTA_PROTO_NUM) || tuple.has(CTA_TUPLE_ZONE)) {
            return Optional.empty();
        }
        return Optional.of(new Tuple(
                source.get(),
                destination.get(),
                proto.u8(CTA_PROTO_NUM).orElseThrow(),
                proto.be16(CTA_PROTO_SRC_PORT).orElse(0),
                proto.be16(CTA_PROTO_DST_PORT).orElse(0)));
    }

    private static Optional<IpAddress> address(Attributes ip, int version4, int version6) {
        return ip.bytes(version4)
                .filter(bytes -> bytes.length == 4)
                .or(() -> ip.bytes(version6).filter(bytes -> bytes.length == 16))
                .map(IpAddress::of);
    }
}
