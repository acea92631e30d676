package fyr.bgp.bfd;

import java.util.PriorityQueue;
import java.util.Random;

/** Two sessions with a network between them that delays packets and loses some. */
final class BfdPair {

    private record Packet(long at, long order, Drive to, byte[] bytes) implements Comparable<Packet> {
        @Override
        public int compareTo(Packet other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final Random random;
    private final PriorityQueue<Packet> packets = new PriorityQueue<>();
    private long order;
    final Drive one;
    final Drive two;
    /** Microseconds that each packet takes, and at most so many more. */
    final long delay;

    long jitter;
    /** Parts of 100 that are lost on the way to each side. */
    int lossToOne;

    int lossToTwo;

    BfdPair(Random random) {
        this.random = random;
        one = new Drive(5, settings(random), random.nextLong());
        two = new Drive(7, settings(random), random.nextLong());
        delay = random.nextLong(10_000);
        carry(one, new BfdEvent.Expired());
        carry(two, new BfdEvent.Expired());
    }

    static BfdSettings settings(Random random) {
        return Drive.settings(10 + random.nextInt(400), 10 + random.nextInt(400), 1 + random.nextInt(5));
    }

    BfdStep carry(Drive from, BfdEvent event) {
        BfdStep step = from.on(event);
        Drive to = from == one ? two : one;
        Drive.packets(step.actions()).forEach(packet -> {
            if (random.nextInt(100) >= (to == one ? lossToOne : lossToTwo)) {
                long at = from.now + delay + random.nextLong(jitter + 1);
                packets.add(new Packet(at, order++, to, Packets.bytes(packet)));
            }
        });
        return step;
    }

    /** Lets the next thing happen: packets before timers. */
    void step() {
        long timer = Math.min(one.wake, two.wake);
        long packet = packets.isEmpty() ? Long.MAX_VALUE : packets.peek().at;
        long now = Math.max(one.now, Math.min(timer, packet));
        one.now = now;
        two.now = now;
        if (packet <= now) {
            deliver(packets.remove());
        } else {
            carry(one.wake <= now ? one : two, new BfdEvent.Expired());
        }
    }

    private void deliver(Packet packet) {
        if (Packets.read(packet.bytes) instanceof ControlPacket read) {
            boolean known =
                    read.yourDiscriminator() == 0 || read.yourDiscriminator() == packet.to.state.discriminator();
            if (!known) {
                throw new AssertionError("a packet for nobody: " + read);
            }
            carry(packet.to, new BfdEvent.Received(read));
        }
    }

    void live(long micros) {
        long end = one.now + micros;
        while (one.now < end) {
            step();
        }
    }

    boolean areUp() {
        return one.state.phase() == BfdPhase.UP && two.state.phase() == BfdPhase.UP;
    }
}
