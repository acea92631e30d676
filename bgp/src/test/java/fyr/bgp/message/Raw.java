package fyr.bgp.message;

import fyr.bgp.path.Octets;

/** Messages as bytes, from hexadecimal digits. */
final class Raw {

    static final String ORIGIN = "400101 00";
    static final String AS_PATH = "400206 0201 0000fde9";
    static final String NEXT_HOP = "400304 c0000201";
    static final String MANDATORY = ORIGIN + AS_PATH + NEXT_HOP;

    /** 192.0.2.0/24 and 10.0.0.0/8. */
    static final String NLRI = "18 c00002 08 0a";

    private Raw() {}

    static byte[] message(int type, String body) {
        Octets octets = Octets.ofHex(body);
        byte[] bytes = new byte[19 + octets.length()];
        octets.copyTo(bytes, 19);
        Header.put(bytes, 0, bytes.length, type);
        return bytes;
    }

    static byte[] update(String withdrawn, String attributes, String nlri) {
        return message(Header.UPDATE, counted(withdrawn) + counted(attributes) + nlri);
    }

    private static String counted(String hex) {
        return "%04x".formatted(Octets.ofHex(hex).length()) + hex;
    }

    /** An attribute with a length of one byte. */
    static String attribute(int flags, int code, String value) {
        return "%02x%02x%02x".formatted(flags, code, Octets.ofHex(value).length()) + value;
    }
}
