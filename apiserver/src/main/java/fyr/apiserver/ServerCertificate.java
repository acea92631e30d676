package fyr.apiserver;

import fyr.model.address.IpAddress;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A key pair, and the self-signed certificate of a server (RFC 5280): a client that trusts the certificate can identify this server. */
public record ServerCertificate(PrivateKey key, Certificate certificate) {

    private static final char[] NO_PASSWORD = new char[0];
    private static final Duration LIFE = Duration.ofDays(3650);

    /** A fresh one for a server with these addresses and DNS names. */
    public static ServerCertificate of(List<IpAddress> addresses, List<String> names) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Instant begin = Instant.now().minus(Duration.ofHours(1)); // clocks differ
            byte[] serial = new byte[16];
            new SecureRandom().nextBytes(serial);
            serial[0] = (byte) (serial[0] & 0x7f | 0x40); // positive, and no leading zero, which DER forbids
            byte[] content = CertificateText.toBeSigned(
                    serial, begin, begin.plus(LIFE), pair.getPublic().getEncoded(), addresses, names);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(content);
            byte[] signed = CertificateText.signed(content, signature.sign());
            return new ServerCertificate(
                    pair.getPrivate(),
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new java.io.ByteArrayInputStream(signed)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256 and SHA-256", e);
        }
    }

    /** A context for a server. */
    SSLContext context() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry("server", key, NO_PASSWORD, new Certificate[] {certificate});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a store in memory cannot fail", e);
        }
    }

    /** The certificate as PEM (RFC 7468), in base64 once more: {@code certificate-authority-data} of a kubeconfig. */
    String authorityData() {
        try {
            String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
            String pem = "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
            return Base64.getEncoder().encodeToString(pem.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("it was decoded a moment ago", e);
        }
    }

    @Override
    public String toString() {
        return "ServerCertificate[...]"; // a secret stays out of logs
    }
}
