package fyr.cli.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends DNS queries at a rate, whether answers come or not, for a number of seconds, and prints how many were answered within two. Runs in
 * a pod, as a program of its own: {@code DnsLoad ADDRESS RATE SECONDS NAME}; each {@code *} in the name is replaced by random letters.
 * Nothing is asked twice.
 */
final class DnsLoad {

    private static final int SOCKETS = 16;
    private static final int PATIENCE_MILLIS = 2000;

    private final ConcurrentMap<Integer, Long> open = new ConcurrentHashMap<>();
    private final AtomicInteger answers = new AtomicInteger();
    private volatile long slowest;
    private volatile boolean done;

    private DnsLoad() {}

    public static void main(String[] args) throws Exception {
        new DnsLoad()
                .run(InetAddress.getByName(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]), args[3]);
    }

    private void run(InetAddress server, int rate, int seconds, String name) throws Exception {
        DatagramSocket[] sockets = new DatagramSocket[SOCKETS];
        for (int i = 0; i < SOCKETS; i++) {
            sockets[i] = new DatagramSocket();
            sockets[i].connect(server, 53);
            sockets[i].setReceiveBufferSize(1 << 20);
            sockets[i].setSoTimeout(100);
            int number = i;
            Thread.ofPlatform().daemon().start(() -> listen(sockets[number], number));
        }
        SplittableRandom random = new SplittableRandom();
        long begin = System.nanoTime();
        int count = 0;
        int refused = 0;
        for (long now = begin; now - begin < seconds * 1_000_000_000L; now = System.nanoTime()) {
            for (long due = (now - begin) * rate / 1_000_000_000L; count < due; count++) {
                byte[] query = query(count >> 4, name, random);
                open.put((count & 15) << 16 | count >> 4 & 0xffff, System.nanoTime());
                try {
                    sockets[count & 15].send(new DatagramPacket(query, query.length));
                } catch (IOException e) {
                    refused++;
                }
            }
            LockSupport.parkNanos(500_000);
        }
        double took = (System.nanoTime() - begin) / 1e9;
        Thread.sleep(PATIENCE_MILLIS);
        done = true;
        System.out.printf(
                "asked=%d answered=%d lost=%d refused=%d rate=%.0f slowest=%.1fms%n",
                count, answers.get(), count - answers.get(), refused, count / took, slowest / 1e6);
    }

    private void listen(DatagramSocket socket, int number) {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        while (!done) {
            try {
                socket.receive(packet);
                Long sent = open.remove(
                        number << 16 | ByteBuffer.wrap(packet.getData()).getShort() & 0xffff);
                if (sent != null) {
                    answers.incrementAndGet();
                    slowest = Math.max(slowest, System.nanoTime() - sent);
                }
            } catch (SocketTimeoutException quiet) {
                // looks whether it is done
            } catch (IOException refused) {
                // an ICMP error; counted as lost
            }
        }
    }

    private static byte[] query(int id, String name, SplittableRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) (id >> 8), (byte) id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.")) {
            String text = label.equals("*") ? Long.toString(random.nextLong() >>> 1, 36) : label;
            out.write(text.length());
            out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes(new byte[] {0, 0, 1, 0, 1});
        return out.toByteArray();
    }
}
