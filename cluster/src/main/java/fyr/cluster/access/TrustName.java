package fyr.cluster.access;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * {@code tls-server-name}: the chain as usual, but against this name instead of the host of the address. The JDK's HTTP client would
 * check the address's own host, so the name is compared here (RFC 9525: subject alternative names only, a wildcard for one whole label).
 */
final class TrustName extends X509ExtendedTrustManager {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final X509ExtendedTrustManager chainOnly;
    private final String name;

    TrustName(X509ExtendedTrustManager chainOnly, String name) {
        this.chainOnly = chainOnly;
        this.name = name.toLowerCase(Locale.ROOT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        chainOnly.checkServerTrusted(chain, authType);
        Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
        if (names == null || names.stream().noneMatch(this::matches)) {
            throw new CertificateException("the server's certificate is not for tls-server-name " + name);
        }
    }

    private boolean matches(List<?> alternative) {
        boolean comparable = alternative.get(0) instanceof Integer type && (type == DNS_NAME || type == IP_ADDRESS);
        if (!comparable || !(alternative.get(1) instanceof String text)) {
            return false;
        }
        String pattern = text.toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        return pattern.equals(name)
                || pattern.startsWith("*.") && dot > 0 && pattern.substring(1).equals(name.substring(dot));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        chainOnly.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        chainOnly.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        chainOnly.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chainOnly.getAcceptedIssuers();
    }
}
