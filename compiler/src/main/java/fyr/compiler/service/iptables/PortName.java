package fyr.compiler.service.iptables;

import static java.nio.charset.StandardCharsets.UTF_8;

import fyr.compiler.service.Backend;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.Family;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * A port of a service as kube-proxy names it, and the names of its chains: a prefix and the beginning of a hash, in base 32, because the name
 * of a chain has at most 28 characters.
 *
 * @param text {@code namespace/name:port}; without the port if that has no name
 */
record PortName(String text, Protocol protocol) {

    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; // RFC 4648 section 6
    private static final int LENGTH = 16;

    static PortName of(NamespacedName service, String port, Protocol protocol) {
        return new PortName(service + (port.isEmpty() ? "" : ":" + port), protocol);
    }

    /** The chain for endpoints of all nodes. */
    String cluster() {
        return "KUBE-SVC-" + hash("");
    }

    /** The chain for endpoints of this node. */
    String local() {
        return "KUBE-SVL-" + hash("");
    }

    /** The chain for connections to external frontends. */
    String external() {
        return "KUBE-EXT-" + hash("");
    }

    /** The chain of source ranges. */
    String firewall() {
        return "KUBE-FW-" + hash("");
    }

    /** The chain of an endpoint. */
    String endpoint(Backend backend) {
        return "KUBE-SEP-" + hash(place(backend));
    }

    /** An endpoint's address and port. */
    static String place(Backend backend) {
        String address = backend.address().toString();
        return (backend.address().family() == Family.IPV4 ? address : "[" + address + "]") + ":" + backend.port();
    }

    private String hash(String more) {
        byte[] digest = sha256((text + protocol.name().toLowerCase(Locale.ROOT) + more).getBytes(UTF_8));
        StringBuilder hash = new StringBuilder();
        for (int digit = 0; digit < LENGTH; digit++) {
            int bit = digit * 5;
            int two = (digest[bit / 8] & 0xff) << 8 | digest[bit / 8 + 1] & 0xff;
            hash.append(DIGITS.charAt(two >> 11 - bit % 8 & 31));
        }
        return hash.toString();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
