package fyr.kernel.linux.nft;

import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Data that the kernel stores for programs and never interprets: NFTA_RULE_USERDATA and NFTA_SET_USERDATA, in the type, length, value
 * format of libnftnl (include/libnftnl/udata.h), so that {@code nft list} prints comments and elements.
 */
final class UserData {

    private static final int NFTNL_UDATA_RULE_COMMENT = 0;
    private static final int NFTNL_UDATA_SET_KEYBYTEORDER = 0;
    private static final int NFTNL_UDATA_SET_DATABYTEORDER = 1;
    private static final int BYTEORDER_INVALID = 0;
    private static final int BYTEORDER_HOST_ENDIAN = 1;
    private static final int BYTEORDER_BIG_ENDIAN = 2;
    private static final int LONGEST = 255;

    private UserData() {}

    static byte[] comment(String comment) {
        byte[] text = (comment + "\0").getBytes(StandardCharsets.UTF_8);
        if (text.length > LONGEST - 2) {
            throw new IllegalArgumentException("comment of more than " + (LONGEST - 3) + " bytes: " + comment);
        }
        return entry(NFTNL_UDATA_RULE_COMMENT, text);
    }

    /** The comment in user data; empty if there is none that can be read. */
    static String comment(byte[] userData) {
        for (int at = 0; at + 2 <= userData.length; ) {
            int length = userData[at + 1] & 0xff;
            if (at + 2 + length > userData.length) {
                return "";
            }
            if (userData[at] == NFTNL_UDATA_RULE_COMMENT && length > 0) {
                return new String(userData, at + 2, length - 1, StandardCharsets.UTF_8);
            }
            at += 2 + length;
        }
        return "";
    }

    /** How nft should print keys and values; nft derives the order of concatenations from their types. */
    static byte[] byteOrders(NftObject.Set set) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(entry(NFTNL_UDATA_SET_KEYBYTEORDER, word(byteOrder(set.key()))));
        if (set.verdicts() || !set.data().isEmpty()) {
            data.writeBytes(entry(NFTNL_UDATA_SET_DATABYTEORDER, word(byteOrder(set.data()))));
        }
        return data.toByteArray();
    }

    static byte[] byteOrders(NftObject.Meter meter) {
        return entry(NFTNL_UDATA_SET_KEYBYTEORDER, word(byteOrder(meter.key())));
    }

    static byte[] byteOrders(NftObject.Memory memory) {
        return byteOrders(new NftObject.Set(memory.key(), memory.data(), false, false));
    }

    private static int byteOrder(List<NftField> fields) {
        if (fields.size() != 1) {
            return BYTEORDER_INVALID;
        }
        return switch (fields.getFirst()) {
            case MARK, IFNAME -> BYTEORDER_HOST_ENDIAN;
            case INTEGER, IPV4_ADDR, IPV6_ADDR, INET_PROTO, INET_SERVICE -> BYTEORDER_BIG_ENDIAN;
        };
    }

    private static byte[] word(int value) {
        return new byte[] {(byte) value, 0, 0, 0};
    }

    private static byte[] entry(int type, byte[] value) {
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        entry.write(type);
        entry.write(value.length);
        entry.writeBytes(value);
        return entry.toByteArray();
    }
}
