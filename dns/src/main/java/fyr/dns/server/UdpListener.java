package fyr.dns.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/** One socket and the thread that reads it. Slow work goes to virtual threads, whose number is limited. */
record UdpListener(
        DatagramChannel channel,
        QueryHandler handler,
        AnswerMemo memo,
        Forwards forwards,
        UdpSender sender,
        Mishaps mishaps)
        implements Runnable {

    private static final int LARGEST_QUERY = 4096;

    @Override
    public void run() {
        ByteBuffer buffer = ByteBuffer.allocate(LARGEST_QUERY);
        while (channel.isOpen()) {
            try {
                InetSocketAddress client = (InetSocketAddress) channel.receive(buffer.clear());
                answer(buffer.array(), buffer.position(), client);
            } catch (ClosedChannelException e) {
                return;
            } catch (Throwable e) { // errors too: nobody but its clients would notice that a listener has ended
                handler.counters().dropped();
                mishaps.note("a DNS query went unanswered", e);
            }
        }
    }

    private void answer(byte[] packet, int length, InetSocketAddress client) throws IOException {
        Optional<byte[]> known = memo.find(packet, length);
        if (known.isPresent()) {
            channel.send(ByteBuffer.wrap(known.get()), client);
            return;
        }
        switch (handler.handle(packet, length, false)) {
            case Outcome.Reply(byte[] bytes, boolean lasting) -> {
                if (lasting) {
                    memo.remember(bytes);
                }
                channel.send(ByteBuffer.wrap(bytes), client);
            }
            case Outcome.Later later -> later(later, client);
            case Outcome.Nothing() -> {}
        }
    }

    /**
     * Beyond the limits a query is dropped: both C libraries ask again, while SERVFAIL or REFUSED would end the lookup in glibc at once.
     */
    private void later(Outcome.Later later, InetSocketAddress client) {
        switch (forwards.tryAcquire(client.getAddress())) {
            case TAKEN -> forward(later, client);
            case SHARE_SPENT -> handler.counters().limited(client.getAddress());
            case ALL_BUSY -> handler.counters().dropped();
        }
    }

    private void forward(Outcome.Later later, InetSocketAddress client) {
        Thread.ofVirtual().name("dns-forward").start(() -> {
            try {
                sender.send(new UdpSender.Answer(channel, later.bytes().get(), client));
            } catch (RuntimeException e) {
                handler.counters().dropped();
                mishaps.note("a forwarded DNS query went unanswered", e);
            } finally {
                forwards.release(client.getAddress());
            }
        });
    }
}
