package fyr.lab.check;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A query for an address of the Service {@code kubernetes} (RFC 1035, section 4.1), and whether something is an answer to it. */
final class DnsQuestion {

    private static final int ID = 0x4679;
    private static final String NAME = "kubernetes.default.svc.cluster.local";

    private DnsQuestion() {}

    static byte[] bytes() {
        ByteArrayOutputStream query = new ByteArrayOutputStream();
        query.writeBytes(new byte[] {(byte) (ID >> 8), (byte) ID, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : NAME.split("\\.")) {
            query.write(label.length());
            query.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        query.writeBytes(new byte[] {0, 0, 1, 0, 1}); // type A, class IN
        return query.toByteArray();
    }

    /** Whether it is a response without an error to that query, with at least one record. */
    static boolean isAnswered(byte[] message, int length) {
        return length > 12
                && (message[0] & 255) == ID >> 8
                && (message[1] & 255) == (ID & 255)
                && (message[2] & 128) != 0
                && (message[3] & 15) == 0
                && (message[6] | message[7]) != 0;
    }
}
