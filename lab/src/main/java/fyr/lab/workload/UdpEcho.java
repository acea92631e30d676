package fyr.lab.workload;

import fyr.model.Protocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

/** Answers each datagram with who is there. */
final class UdpEcho {

    private UdpEcho() {}

    static void serve(DatagramChannel channel, Identity identity, int port) {
        Thread.ofVirtual().name("echo-udp-" + port).start(() -> {
            ByteBuffer received = ByteBuffer.allocate(64 << 10);
            while (channel.isOpen()) {
                try {
                    InetSocketAddress client = (InetSocketAddress) channel.receive(received.clear());
                    String answer = identity.answer(client, port, Protocol.UDP);
                    channel.send(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)), client);
                } catch (ClosedChannelException closed) {
                    return;
                } catch (IOException refused) {
                    Thread.yield(); // an ICMP error for an earlier answer, or a full queue
                }
            }
        });
    }
}
