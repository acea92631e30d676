package fyr.apiserver;

import fyr.model.address.IpAddress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;

/** A self-signed certificate in the distinguished encoding rules (X.690; RFC 5280, section 4.1). */
final class CertificateText {
    private static final int INTEGER = 0x02;
    private static final int BITS = 0x03;
    private static final int OCTETS = 0x04;
    private static final int UTF8 = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    /** GeneralName: dNSName [2], iPAddress [7]. */
    private static final int DNS_NAME = 0x82;

    private static final int IP_ADDRESS = 0x87;
    /** ecdsa-with-SHA256, 1.2.840.10045.4.3.2. */
    private static final byte[] ALGORITHM = element(SEQUENCE, hex("06082a8648ce3d040302"));
    /** commonName, 2.5.4.3. */
    private static final byte[] COMMON_NAME = hex("0603550403");
    /** subjectAltName, 2.5.29.17. */
    private static final byte[] ALTERNATIVE_NAME = hex("0603551d11");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private CertificateText() {}

    static byte[] toBeSigned(
            byte[] serial, Instant from, Instant to, byte[] publicKey, List<IpAddress> addresses, List<String> names) {
        byte[] name = element(
                SEQUENCE,
                element(
                        SET,
                        element(SEQUENCE, COMMON_NAME, element(UTF8, "fyr lab".getBytes(StandardCharsets.UTF_8)))));
        return element(
                SEQUENCE,
                element(VERSION, hex("020102")), // v3
                element(INTEGER, serial),
                ALGORITHM,
                name,
                element(SEQUENCE, time(from), time(to)),
                name,
                publicKey,
                element(EXTENSIONS, element(SEQUENCE, element(SEQUENCE, ALTERNATIVE_NAME, others(addresses, names)))));
    }

    private static byte[] others(List<IpAddress> addresses, List<String> names) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        names.forEach(name -> all.writeBytes(element(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII))));
        addresses.forEach(address -> all.writeBytes(element(IP_ADDRESS, address.toBytes())));
        return element(OCTETS, element(SEQUENCE, all.toByteArray()));
    }

    static byte[] signed(byte[] toBeSigned, byte[] signature) {
        return element(SEQUENCE, toBeSigned, ALGORITHM, element(BITS, new byte[] {0}, signature));
    }

    private static byte[] time(Instant time) {
        return element(UTC_TIME, TIME.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : contents) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        length(element, content.size());
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }

    /** DER allows only the shortest form (X.690, section 10.1); Go refuses a longer one. */
    private static void length(ByteArrayOutputStream element, int length) {
        if (length >= 256) {
            element.write(0x82); // two bytes of length follow
            element.write(length >>> 8);
        } else if (length >= 128) {
            element.write(0x81);
        }
        element.write(length);
    }
}
