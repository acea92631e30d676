package fyr.dns.server;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.Semaphore;

/** One socket and the thread that reads it. What takes time goes to virtual threads, of which there are only so many. */
record UdpListener(DatagramChannel channel, QueryHandler handler, Semaphore forwards) implements Runnable {

    private static final Logger LOG = System.getLogger(UdpListener.class.getName());
    private static final int LARGEST_QUERY = 4096;

    @Override
    public void run() {
        ByteBuffer buffer = ByteBuffer.allocate(LARGEST_QUERY);
        while (channel.isOpen()) {
            try {
                SocketAddress client = channel.receive(buffer.clear());
                answer(buffer.array(), buffer.position(), client);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.WARNING, "a DNS query went unanswered: " + e);
            }
        }
    }

    private void answer(byte[] packet, int length, SocketAddress client) throws IOException {
        switch (handler.handle(packet, length, false)) {
            case Outcome.Reply(byte[] bytes) -> channel.send(ByteBuffer.wrap(bytes), client);
            case Outcome.Later later -> later(later, client);
            case Outcome.Nothing() -> {}
        }
    }

    /** Beyond the limit a query is dropped: both C libraries ask again, while on SERVFAIL or REFUSED musl waits and glibc gives up. */
    private void later(Outcome.Later later, SocketAddress client) {
        if (!forwards.tryAcquire()) {
            handler.counters().dropped();
            return;
        }
        Thread.ofVirtual().name("dns-forward").start(() -> {
            try {
                channel.send(ByteBuffer.wrap(later.bytes().get()), client);
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.DEBUG, "a forwarded DNS answer was not sent", e);
            } finally {
                forwards.release();
            }
        });
    }
}
