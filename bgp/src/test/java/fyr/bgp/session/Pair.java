package fyr.bgp.session;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.message.ErrorCode;
import fyr.bgp.message.Message;
import fyr.bgp.message.MessageReader;
import fyr.bgp.message.MessageWriter;
import fyr.bgp.message.Notification;
import fyr.bgp.message.PeerKind;
import fyr.bgp.message.WireOptions;
import fyr.bgp.session.Line.Side;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Two machines with a network between them that delivers in any order, but for the order on each connection. */
final class Pair {

    private static final int MOST_STEPS = 300;

    /** What one end of a connection is to be told. */
    private sealed interface News {
        record Bytes(byte[] message) implements News {}

        record Made() implements News {}

        record Gone() implements News {}
    }

    /** One direction of a connection. */
    private record Way(Driver to, Line line, Deque<News> news) {}

    private final Random random;
    final Driver one;
    final Driver two;
    private final List<Way> ways = new ArrayList<>();
    private final Map<Driver, Map<Line, Way>> outward = new HashMap<>();
    private long accepted;

    Pair(Random random) {
        this.random = random;
        one = new Driver(Sessions.random(Peers.SMALL, random), random.nextLong());
        two = new Driver(Sessions.random(Peers.LARGE, random), random.nextLong());
        outward.put(one, new HashMap<>());
        outward.put(two, new HashMap<>());
    }

    private Driver other(Driver driver) {
        return driver == one ? two : one;
    }

    private void carry(Driver from, Step step) {
        for (SessionAction action : step.actions()) {
            switch (action) {
                case SessionAction.Connect(var line) -> connect(from, line);
                case SessionAction.Send(var line, var message) ->
                    send(from, line, new News.Bytes(new MessageWriter(WireOptions.BASE).write(message)));
                case SessionAction.Close(var line) -> send(from, line, new News.Gone());
                default -> {}
            }
        }
    }

    private void connect(Driver from, Line line) {
        Line far = new Line(Side.INCOMING, ++accepted);
        Way there = new Way(other(from), far, new ArrayDeque<>(List.of(new News.Made())));
        Way back = new Way(from, line, new ArrayDeque<>(List.of(new News.Made())));
        ways.add(there);
        ways.add(back);
        map(from).put(line, there);
        map(other(from)).put(far, back);
    }

    private Map<Line, Way> map(Driver driver) {
        return outward.getOrDefault(driver, new HashMap<>());
    }

    private void send(Driver from, Line line, News news) {
        Optional.ofNullable(map(from).get(line)).ifPresent(way -> way.news().add(news));
    }

    private void deliver(Way way) {
        SessionEvent event = switch (way.news().remove()) {
            case News.Made() when way.line().side() == Side.INCOMING -> new SessionEvent.Accepted(way.line());
            case News.Made() -> new SessionEvent.Connected(way.line());
            case News.Gone() -> new SessionEvent.Closed(way.line());
            case News.Bytes(byte[] bytes) -> new SessionEvent.Received(way.line(), read(bytes));
        };
        carry(way.to(), way.to().on(event));
    }

    private static Message read(byte[] bytes) {
        return new MessageReader(WireOptions.BASE, PeerKind.EXTERNAL)
                .read(bytes, 0)
                .message();
    }

    /** Delivers something that is under way or, if nothing is, lets the next timer run out. */
    private void step() {
        List<Way> pending = ways.stream().filter(way -> !way.news().isEmpty()).toList();
        if (!pending.isEmpty()) {
            deliver(pending.get(random.nextInt(pending.size())));
            return;
        }
        Driver next = deadline(one) <= deadline(two) ? one : two;
        long now = Math.max(deadline(next), Math.max(one.now, two.now));
        assertThat(now).as("something goes on").isLessThan(Long.MAX_VALUE);
        one.now = now;
        two.now = now;
        next.state.deadlines().entrySet().stream()
                .filter(entry -> entry.getValue() <= now)
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst()
                .ifPresent(timer -> carry(next, next.on(new SessionEvent.Expired(timer))));
    }

    private static long deadline(Driver driver) {
        return driver.state.deadlines().values().stream().min(Long::compare).orElse(Long.MAX_VALUE);
    }

    private boolean isQuiet() {
        return one.state.established().isPresent()
                && two.state.established().isPresent()
                && ways.stream().allMatch(way -> way.news().isEmpty());
    }

    /** Starts both, and goes on until both are established and everything was delivered. */
    void run() {
        carry(one, one.on(new SessionEvent.Start()));
        carry(two, two.on(new SessionEvent.Start()));
        settle();
    }

    /** One side is stopped and started, or the network cuts all connections; then both are established again. */
    void disrupt() {
        Driver driver = random.nextBoolean() ? one : two;
        if (random.nextBoolean()) {
            Notification cease = Notification.of(ErrorCode.CEASE, ErrorCode.ADMINISTRATIVE_RESET);
            carry(driver, driver.on(new SessionEvent.Stop(cease)));
            carry(driver, driver.on(new SessionEvent.Start()));
        } else {
            ways.forEach(way -> way.news().add(new News.Gone()));
        }
        settle();
    }

    /** Goes on for so long; everything that is sent is taken. */
    void live(long millis) {
        long end = one.now + millis;
        while (one.now < end && (deadline(one) < Long.MAX_VALUE || deadline(two) < Long.MAX_VALUE)) {
            for (Driver driver : List.of(one, two)) {
                driver.on(new SessionEvent.Progress(driver.outgoing()));
                driver.on(new SessionEvent.Progress(driver.incoming()));
            }
            step();
        }
    }

    private void settle() {
        for (int steps = 0; !isQuiet(); steps++) {
            assertThat(steps).as("both are established in the end").isLessThan(MOST_STEPS);
            step();
        }
    }

    /** Both have agreed on the same. */
    void check() {
        Invariants.check(one);
        Invariants.check(two);
        Negotiated left = one.state.established().orElseThrow();
        Negotiated right = two.state.established().orElseThrow();
        assertThat(left.families()).isEqualTo(right.families());
        assertThat(left.holdTime()).isEqualTo(right.holdTime());
        assertThat(left.kind()).isEqualTo(PeerKind.EXTERNAL).isEqualTo(right.kind());
        assertSame(left.send(), right.receive());
        assertSame(right.send(), left.receive());
    }

    /** A receiver may be ready for next hops that the sender does not have. */
    private static void assertSame(WireOptions send, WireOptions receive) {
        assertThat(send.fourOctetAs()).isEqualTo(receive.fourOctetAs());
        assertThat(send.extendedMessages()).isEqualTo(receive.extendedMessages());
        assertThat(send.addPath()).isEqualTo(receive.addPath());
        assertThat(send.families()).isEqualTo(receive.families());
        assertThat(receive.extendedNextHop() || !send.extendedNextHop()).isTrue();
    }
}
