package fyr.agent.proxy;

import fyr.model.address.IpAddress;
import java.net.InetSocketAddress;

/** Addresses of servers in Go's notation: {@code 0.0.0.0:10256}, {@code [::]:10256}, or an address alone. */
public final class SocketText {

    private SocketText() {}

    /**
     * Reads one; {@code port} is that of an address alone.
     *
     * @throws IllegalArgumentException if it is none; the message says what is expected
     */
    public static InetSocketAddress parse(String text, int port) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
        try {
            if (bracketed) {
                IpAddress address = IpAddress.parse(text.substring(1, colon - 1));
                return new InetSocketAddress(address.toString(), port(text.substring(colon + 1)));
            } else if (colon >= 0 && text.indexOf(':') == colon) {
                IpAddress address = IpAddress.parse(text.substring(0, colon));
                return new InetSocketAddress(address.toString(), port(text.substring(colon + 1)));
            }
            return new InetSocketAddress(IpAddress.parse(text).toString(), port);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "must be ADDRESS:PORT, such as 0.0.0.0:" + port + " or [::]:" + port + ", not "
                            + ProxyDocument.quoted(text),
                    e);
        }
    }

    private static int port(String text) {
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a port");
        }
        return port;
    }
}
