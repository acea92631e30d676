package fyr.dns.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Sends what was forwarded, on a platform thread: a send on a virtual one makes the socket non-blocking for ever ({@code forcedNonBlocking} in
 * {@code sun.nio.ch.DatagramChannelImpl}), and then every later receive costs two more system calls.
 */
record UdpSender(BlockingQueue<Answer> queue, DnsCounters counters, Mishaps mishaps) implements Runnable {

    /** What is sent to whom. */
    record Answer(DatagramChannel channel, byte[] bytes, SocketAddress client) {}

    UdpSender(int most, DnsCounters counters, Mishaps mishaps) {
        this(new ArrayBlockingQueue<>(most), counters, mishaps);
    }

    /** Has it sent soon, unless too many wait already. */
    void send(Answer answer) {
        if (!queue.offer(answer)) {
            counters.dropped();
        }
    }

    @Override
    public void run() {
        while (true) {
            try {
                Answer answer = queue.take();
                answer.channel.send(ByteBuffer.wrap(answer.bytes), answer.client);
            } catch (InterruptedException | ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException e) {
                counters.dropped();
                mishaps.note("a forwarded DNS answer was not sent", e);
            }
        }
    }
}
