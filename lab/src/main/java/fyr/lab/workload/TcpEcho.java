package fyr.lab.workload;

import fyr.model.Protocol;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** HTTP/1.1 (RFC 9112), as much as says who is there: any method and path gets the same answer; connections persist. */
final class TcpEcho {

    private static final int LONGEST_LINE = 16 << 10;

    private final Identity identity;
    private final int port;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

    private TcpEcho(Identity identity, int port) {
        this.identity = identity;
        this.port = port;
    }

    static void serve(ServerSocketChannel channel, Identity identity, int port) {
        TcpEcho echo = new TcpEcho(identity, port);
        Thread.ofVirtual().name("echo-tcp-" + port).start(() -> echo.accept(channel));
    }

    private void accept(ServerSocketChannel channel) {
        try {
            acceptAll(channel);
        } finally {
            clients.forEach(TcpEcho::close); // as the connections of a process end with it
        }
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            return; // it is closed all the same
        }
    }

    private void acceptAll(ServerSocketChannel channel) {
        while (channel.isOpen()) {
            try {
                SocketChannel client = channel.accept();
                clients.add(client); // by the thread that closes them at the end, so that none is forgotten
                Thread.ofVirtual().name("echo-client").start(() -> serve(client));
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException refused) {
                Thread.yield(); // out of descriptors; the next one may do
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Socket socket = client.socket();
            byte[] answer = answer((InetSocketAddress) client.getRemoteAddress());
            InputStream in = new BufferedInputStream(socket.getInputStream(), 2048);
            OutputStream out = socket.getOutputStream();
            while (request(in)) {
                out.write(answer);
            }
        } catch (IOException e) {
            return; // the client has gone
        } finally {
            clients.remove(client);
        }
    }

    private byte[] answer(InetSocketAddress client) {
        String body = identity.answer(client, port, Protocol.TCP);
        String head =
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads a request with its body; whether there was one. A client that wants no second answer closes the connection itself. */
    private static boolean request(InputStream in) throws IOException {
        String line = line(in);
        if (line.isEmpty()) {
            return false;
        }
        long length = 0;
        for (line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = parsed(line.substring(15).strip());
            }
        }
        in.skipNBytes(length);
        return true;
    }

    private static long parsed(String number) throws IOException {
        try {
            return Math.max(0, Long.parseLong(number));
        } catch (NumberFormatException e) {
            throw new IOException("a length of '" + number + "'", e);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() == LONGEST_LINE) {
                throw new IOException("a line too long");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
