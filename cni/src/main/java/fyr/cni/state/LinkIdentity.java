package fyr.cni.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import fyr.cni.protocol.AttachmentKey;
import fyr.model.address.MacAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Name and Ethernet addresses of a pod's link. They follow from whose it is, so that a link is found again without any record of it, and
 * so that two attempts at the same attachment make the same link. 48 bits of SHA-256 for each: of 250 pods, two meet once in 10^10 nodes.
 *
 * @param hostName {@code fyr} and 12 hexadecimal digits: 15 characters, the longest name Linux allows
 */
public record LinkIdentity(String hostName, MacAddress hostMac, MacAddress podMac) {

    /** Of this attachment. */
    public static LinkIdentity of(AttachmentKey key) {
        byte[] digest = sha256(key.toString());
        long hostMac = ByteBuffer.wrap(digest, 8, 8).getLong();
        long podMac = ByteBuffer.wrap(digest, 16, 8).getLong();
        return new LinkIdentity(
                "fyr" + HexFormat.of().formatHex(digest, 0, 6), MacAddress.local(hostMac), MacAddress.local(podMac));
    }

    /** Whether a link has a name of this form, so that it is a pod's. */
    public static boolean isHostName(String link) {
        return link.matches("fyr[0-9a-f]{12}");
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
