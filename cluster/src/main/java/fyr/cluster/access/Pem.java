package fyr.cluster.access;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the textual encodings of RFC 7468: certificates, and private keys as PKCS#8 ({@code PRIVATE KEY}), PKCS#1 ({@code RSA PRIVATE
 * KEY}, RFC 8017 appendix A.1.2) or SEC 1 ({@code EC PRIVATE KEY}, RFC 5915). Everything outside the blocks is passed over.
 */
final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    // AlgorithmIdentifier { rsaEncryption, NULL } (RFC 8017 appendix A.1)
    private static final byte[] RSA = Der.bytes("300d06092a864886f70d0101010500");
    private static final byte[] EC_OID = Der.bytes("06072a8648ce3d0201");

    private record Block(String label, byte[] content) {}

    private Pem() {}

    /** All certificates of the text; at least one, or an error that names {@code where}. */
    static List<X509Certificate> certificates(byte[] text, String where) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(text, where)) {
            if (block.label.equals("CERTIFICATE")) {
                certificates.add(certificate(block.content, where));
            }
        }
        if (certificates.isEmpty()) {
            throw new AccessException(where, "no PEM block CERTIFICATE in it");
        }
        return certificates;
    }

    private static X509Certificate certificate(byte[] der, String where) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new AccessException(where, "not an X.509 certificate");
        }
    }

    /** The first private key of the text. */
    static PrivateKey privateKey(byte[] text, String where) {
        for (Block block : blocks(text, where)) {
            Optional<PrivateKey> key = privateKey(block, where);
            if (key.isPresent()) {
                return key.get();
            }
        }
        throw new AccessException(where, "no PEM block PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY in it");
    }

    private static Optional<PrivateKey> privateKey(Block block, String where) {
        try {
            return switch (block.label) {
                case "PRIVATE KEY" -> Optional.of(pkcs8(block.content, where));
                case "RSA PRIVATE KEY" -> Optional.of(generate("RSA", Der.pkcs8(RSA, block.content)));
                case "EC PRIVATE KEY" ->
                    Optional.of(generate("EC", Der.pkcs8(ecAlgorithm(block.content), block.content)));
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new AccessException(where, "the private key is encrypted; give one without a password");
                default -> Optional.empty();
            };
        } catch (GeneralSecurityException | IndexOutOfBoundsException e) {
            throw new AccessException(where, "not a private key that can be read (RSA, EC or Ed25519)");
        }
    }

    private static PrivateKey pkcs8(byte[] der, String where) throws GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return generate(algorithm, der);
            } catch (InvalidKeySpecException e) {
                continue; // a key of another algorithm
            }
        }
        throw new AccessException(where, "a private key of an unknown algorithm; RSA, EC and Ed25519 are known");
    }

    private static PrivateKey generate(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /** The curve stands in the key's own element [0] (RFC 5915 section 3); PKCS#8 wants it in the algorithm. */
    private static byte[] ecAlgorithm(byte[] sec1) throws InvalidKeySpecException {
        byte[] curve = Der.find(Der.content(sec1), 0xa0)
                .orElseThrow(() -> new InvalidKeySpecException("an EC key without its curve"));
        return Der.sequence(EC_OID, curve);
    }

    private static List<Block> blocks(byte[] text, String where) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(text, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), decode(matcher.group(2), where)));
        }
        return blocks;
    }

    private static byte[] decode(String base64, String where) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new AccessException(where, "a PEM block is not base64");
        }
    }
}
