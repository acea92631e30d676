package fyr.cluster.access;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What TLS needs to know. Built of the texts rather than the context, so that a rotated certificate shows by {@code equals}.
 *
 * @param authority the certificates to trust; those of the system if empty
 * @param trustAll {@code insecure-skip-tls-verify}
 * @param serverName {@code tls-server-name}: the name the server's certificate must have, whatever the address says
 */
public record Tls(
        Optional<PemSource> authority, boolean trustAll, Optional<String> serverName, Optional<ClientKey> client) {

    private static final char[] NO_PASSWORD = new char[0];

    /** A client certificate chain and its key. */
    public record ClientKey(PemSource certificate, PemSource key) {}

    /** A context for connections; {@link AccessException} if a text is no certificate or key. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(), new TrustManager[] {trust()}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AccessException(client.map(c -> c.key.where()).orElse("TLS"), "not usable: " + e.getMessage());
        }
    }

    /**
     * What to call the server by in the handshake (SNI, RFC 6066 section 3), for proxies that choose by it. The JDK's HTTP client heeds
     * this where the address is a number, and where it is a name sends that name whatever is said here.
     */
    public Optional<SSLParameters> nameToAskFor() {
        return serverName.flatMap(Tls::hostName).map(name -> {
            SSLParameters parameters = new SSLParameters();
            parameters.setServerNames(List.of(name));
            return parameters;
        });
    }

    private static Optional<SNIServerName> hostName(String name) {
        boolean number = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
        try {
            return number ? Optional.empty() : Optional.of(new SNIHostName(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // certificates may have such names, handshakes may not
        }
    }

    private KeyManager[] keys() throws GeneralSecurityException, IOException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore store = emptyStore();
        if (client.isPresent()) {
            ClientKey key = client.get();
            List<X509Certificate> chain = Pem.certificates(key.certificate.text(), key.certificate.where());
            store.setKeyEntry(
                    "client",
                    Pem.privateKey(key.key.text(), key.key.where()),
                    NO_PASSWORD,
                    chain.toArray(new X509Certificate[0]));
        }
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private TrustManager trust() throws GeneralSecurityException, IOException {
        if (trustAll) {
            return new TrustAll();
        }
        X509ExtendedTrustManager standard = standardTrust();
        return serverName
                .<TrustManager>map(name -> new TrustName(standard, name))
                .orElse(standard);
    }

    private X509ExtendedTrustManager standardTrust() throws GeneralSecurityException, IOException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (authority.isPresent()) {
            KeyStore store = emptyStore();
            List<X509Certificate> certificates =
                    Pem.certificates(authority.get().text(), authority.get().where());
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("authority-" + i, certificates.get(i));
            }
            factory.init(store);
        } else {
            factory.init((KeyStore) null); // the system's own
        }
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
