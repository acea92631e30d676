package fyr.kernel.text;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftField;
import fyr.model.address.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How nft writes the constants of a type. */
enum Notation {
    ADDRESS {
        @Override
        String of(Bytes value) {
            return value.length() == 4 || value.length() == 16
                    ? IpAddress.of(value.toArray()).toString()
                    : HEX.of(value);
        }
    },
    /** A number in network byte order. */
    NUMBER {
        @Override
        String of(Bytes value) {
            return Long.toString(number(value));
        }
    },
    /** A number in host byte order. */
    HOST_NUMBER {
        @Override
        String of(Bytes value) {
            return Long.toString(host(value));
        }
    },
    MARK {
        @Override
        String of(Bytes value) {
            return "0x%08x".formatted(host(value));
        }
    },
    /** Shorter constants are compared with the beginning of a name. */
    LINK {
        @Override
        String of(Bytes value) {
            String name = new String(value.toArray(), StandardCharsets.US_ASCII);
            int end = name.indexOf('\0');
            return "\"" + (end < 0 ? name + (value.length() < 16 ? "*" : "") : name.substring(0, end)) + "\"";
        }
    },
    PROTOCOL {
        @Override
        String of(Bytes value) {
            return PROTOCOLS.getOrDefault(number(value), Long.toString(number(value)));
        }
    },
    /** NFPROTO_ numbers (include/uapi/linux/netfilter.h). */
    FAMILY {
        @Override
        String of(Bytes value) {
            return Map.of(2L, "ipv4", 10L, "ipv6").getOrDefault(number(value), Long.toString(number(value)));
        }
    },
    /** NF_CT_STATE_BIT (include/uapi/linux/netfilter/nf_conntrack_common.h). */
    STATE {
        @Override
        String of(Bytes value) {
            return bits(
                    value, Map.of(1L, "invalid", 2L, "established", 4L, "related", 8L, "new", 1L << 6, "untracked"));
        }
    },
    /** IPS_ bits (include/uapi/linux/netfilter/nf_conntrack_common.h). */
    STATUS {
        @Override
        String of(Bytes value) {
            return bits(
                    value,
                    Map.of(1L, "expected", 2L, "seen-reply", 4L, "assured", 8L, "confirmed", 16L, "snat", 32L, "dnat"));
        }
    },
    /** RTN_ numbers (include/uapi/linux/rtnetlink.h). */
    ROUTE_TYPE {
        @Override
        String of(Bytes value) {
            return Map.of(1L, "unicast", 2L, "local", 3L, "broadcast", 5L, "multicast", 7L, "unreachable")
                    .getOrDefault(host(value), Long.toString(host(value)));
        }
    },
    HEX {
        @Override
        String of(Bytes value) {
            return "0x" + value;
        }
    };

    private static final Map<Long, String> PROTOCOLS =
            Map.of(1L, "icmp", 6L, "tcp", 17L, "udp", 58L, "ipv6-icmp", 132L, "sctp");

    /** The text of a constant. */
    abstract String of(Bytes value);

    /** The notation of a field of a set. */
    static Notation of(NftField field) {
        return switch (field) {
            case INTEGER -> HEX;
            case IPV4_ADDR, IPV6_ADDR -> ADDRESS;
            case INET_PROTO -> PROTOCOL;
            case INET_SERVICE -> NUMBER;
            case MARK -> MARK;
            case IFNAME -> LINK;
        };
    }

    private static long number(Bytes value) {
        long number = 0;
        for (byte each : value.toArray()) {
            number = number << 8 | each & 0xff;
        }
        return number;
    }

    private static long host(Bytes value) {
        byte[] bytes = value.toArray();
        long number = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            number = number << 8 | bytes[i] & 0xff;
        }
        return number;
    }

    private static String bits(Bytes value, Map<Long, String> names) {
        long left = host(value);
        List<String> words = new ArrayList<>();
        for (Map.Entry<Long, String> bit : new TreeMap<>(names).entrySet()) {
            if ((left & bit.getKey()) != 0) {
                words.add(bit.getValue());
                left &= ~bit.getKey();
            }
        }
        if (left != 0 || words.isEmpty()) {
            words.add("0x%x".formatted(left));
        }
        return String.join(",", words);
    }
}
