package fyr.agent.announce;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Nodes that run {@link Agreement} over a network that delays, loses and reorders datagrams, in simulated time of one millisecond steps. Each
 * node has a clock of its own, with an offset and a drift. At each step the simulation checks that no address is held by two nodes, stopped
 * ones included: they would answer when they go on.
 */
final class SimulatedNodes {

    private static final long MILLISECOND = 1_000_000;

    private final Random random;
    private final Map<String, Simulated> nodes = new TreeMap<>();
    private final PriorityQueue<Datagram> network = new PriorityQueue<>();
    private final Set<Set<String>> cut = new HashSet<>();
    private long now;
    private long sent;
    double loss;
    int delay = 3;

    private static final class Simulated {
        private Agreement agreement;
        private Duties duties = Duties.none();
        private final long offset;
        private final double rate;
        private boolean stopped;
        private boolean dead;
        private long nextBeat;
        private final List<Datagram> waiting = new ArrayList<>();

        Simulated(String name, Random random, long now) {
            offset = random.nextLong();
            rate = 1 + (random.nextDouble() - 0.5) / 2_000;
            agreement = new Agreement(name, random.nextLong(), clock(now));
            nextBeat = now + random.nextInt(100);
        }

        long clock(long milliseconds) {
            return offset + (long) (milliseconds * rate * MILLISECOND);
        }
    }

    private record Datagram(long at, long number, String from, String to, byte[] bytes)
            implements Comparable<Datagram> {
        @Override
        public int compareTo(Datagram other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    SimulatedNodes(long seed, int count) {
        random = new Random(seed);
        for (int i = 1; i <= count; i++) {
            nodes.put("node" + i, new Simulated("node" + i, random, now));
        }
    }

    Set<String> names() {
        return nodes.keySet();
    }

    void duties(String name, Duties duties) {
        Simulated node = node(name);
        node.duties = duties;
        node.agreement.follow(duties);
    }

    private Simulated node(String name) {
        return Optional.ofNullable(nodes.get(name)).orElseThrow();
    }

    void stop(String name) {
        node(name).stopped = true;
    }

    void goOn(String name) {
        node(name).stopped = false;
    }

    void kill(String name) {
        node(name).dead = true;
    }

    /** Another process on the node, which knows nothing of the one before. */
    void restart(String name) {
        Simulated node = node(name);
        node.dead = false;
        node.stopped = false;
        node.waiting.clear();
        node.agreement = new Agreement(name, random.nextLong(), node.clock(now));
        node.agreement.follow(node.duties);
    }

    void cut(String one, String other) {
        cut.add(Set.of(one, other));
    }

    void heal() {
        cut.clear();
    }

    /** Whether something is to pass between two nodes. */
    private boolean passes(String from, String to) {
        return !cut.contains(Set.of(from, to)) && random.nextDouble() >= loss;
    }

    void run(int milliseconds) {
        for (int i = 0; i < milliseconds; i++) {
            step();
        }
    }

    /** How long it takes until the address is held by one of these nodes, in milliseconds. */
    int untilHeld(IpAddress address, Set<String> by) {
        for (int i = 0; i < 60_000; i++) {
            if (holder(address).filter(by::contains).isPresent()) {
                return i;
            }
            step();
        }
        throw new AssertionError(address + " is not held");
    }

    long sent() {
        return sent;
    }

    private void step() {
        now++;
        for (Datagram one = network.peek(); one != null && one.at() <= now; one = network.peek()) {
            network.remove();
            Simulated to = node(one.to());
            if (to.stopped) {
                to.waiting.add(one); // in the socket's buffer
            } else if (!to.dead) {
                receive(one);
            }
        }
        nodes.forEach((name, node) -> {
            if (!node.stopped && !node.dead) {
                List<Datagram> late = List.copyOf(node.waiting);
                node.waiting.clear();
                late.forEach(this::receive);
                if (now >= node.nextBeat) {
                    node.nextBeat = now + 100 + random.nextInt(5);
                    node.agreement
                            .beat(node.clock(now))
                            .forEach(out -> send(name, out.to(), out.message().bytes()));
                }
            }
        });
        holders();
    }

    private void receive(Datagram one) {
        Simulated to = node(one.to());
        Heartbeat.read(one.bytes())
                .flatMap(message -> to.agreement.receive(one.from(), message, to.clock(now)))
                .ifPresent(answer -> send(one.to(), one.from(), answer.bytes()));
    }

    private void send(String from, String to, byte[] bytes) {
        sent++;
        if (nodes.containsKey(to) && passes(from, to)) {
            network.add(new Datagram(now + 1 + random.nextInt(delay), sent, from, to, bytes));
        }
    }

    /** Who holds which address now; each is held by one node at most. */
    Map<IpAddress, String> holders() {
        Map<IpAddress, String> holders = new HashMap<>();
        nodes.forEach((name, node) -> {
            if (!node.dead) {
                for (IpAddress address : node.agreement.held(node.clock(now))) {
                    String other = holders.put(address, name);
                    assertThat(other)
                            .as("%s at %d ms is held by %s too", address, now, name)
                            .isNull();
                }
            }
        });
        return holders;
    }

    Optional<String> holder(IpAddress address) {
        return Optional.ofNullable(holders().get(address));
    }
}
