package fyr.bgp.speaker;

import fyr.bgp.message.EndOfRib;
import fyr.bgp.message.ErrorCode;
import fyr.bgp.message.Message;
import fyr.bgp.message.Notification;
import fyr.bgp.message.NotificationException;
import fyr.bgp.message.PeerKind;
import fyr.bgp.message.Reading;
import fyr.bgp.message.RouteRefresh;
import fyr.bgp.message.Update;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.PathPrefixes;
import fyr.bgp.path.PeerAddress;
import fyr.bgp.path.SocketAddresses;
import fyr.bgp.rib.Neighbor;
import fyr.bgp.rib.Source;
import fyr.bgp.session.DownReason;
import fyr.bgp.session.Line;
import fyr.bgp.session.Negotiated;
import fyr.bgp.session.Phase;
import fyr.bgp.session.SessionAction;
import fyr.bgp.session.SessionEvent;
import fyr.bgp.session.SessionMachine;
import fyr.bgp.session.SessionState;
import fyr.bgp.session.SessionTimer;
import fyr.bgp.session.Step;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One peer: carries out what the state machine of its session wants, and passes routes between the session and the rib. */
final class Peer {

    /** How long a peer that came back may take to announce everything again, in milliseconds. */
    private static final long STALE_TIME = 360_000;

    private record TimerKey(Peer peer, Object timer) {}

    private final SpeakerLoop loop;
    private final PeerAddress address;
    private final int number;
    private final PeerSettings settings;
    private final SessionMachine machine;
    private final Map<Line, Connection> connections = new HashMap<>();
    private final ArrayDeque<SessionEvent> events = new ArrayDeque<>();
    private SessionState state;
    private boolean handling;

    private Optional<Connection> established = Optional.empty();
    private Optional<Negotiated> negotiated = Optional.empty();
    private Optional<Outbound> outbound = Optional.empty();
    private Source source;
    private Retention retention = Retention.NONE;

    /** Families whose paths are kept from an earlier session until the peer has announced everything again. */
    private final Set<Family> stale = EnumSet.noneOf(Family.class);

    /** Families of which the peer has announced everything in this session. */
    private final Set<Family> ended = EnumSet.noneOf(Family.class);

    private long since = System.currentTimeMillis();
    private Optional<String> lastEnd = Optional.empty();
    private Optional<Notification> lastNotification = Optional.empty();
    private long messages;
    private long faults;

    Peer(SpeakerLoop loop, PeerAddress address, int number, PeerSettings settings, long seed) {
        this.loop = loop;
        this.address = address;
        this.number = number;
        this.settings = settings;
        this.machine = new SessionMachine(settings.session());
        this.state = SessionState.initial(seed);
        this.source = new Source(number, Source.Kind.EXTERNAL, 0, new Ipv4Address(0), address.address());
    }

    PeerAddress address() {
        return address;
    }

    PeerSettings settings() {
        return settings;
    }

    int number() {
        return number;
    }

    boolean isIdle() {
        return connections.isEmpty() && stale.isEmpty();
    }

    /** Whether the peer has announced everything, or will not for now. */
    boolean isHeard() {
        return negotiated.isPresent()
                && negotiated.get().families().stream()
                        .map(AddressFamily::addresses)
                        .allMatch(ended::contains);
    }

    /** Handles an event. Events that follow from its actions are handled after it. */
    void on(SessionEvent event) {
        events.add(event);
        if (handling) {
            return;
        }
        handling = true;
        try {
            for (SessionEvent next = events.poll(); next != null; next = events.poll()) {
                Step step = machine.on(state, next, loop.now());
                state = step.state();
                step.actions().forEach(this::perform);
            }
        } finally {
            handling = false;
        }
    }

    private void perform(SessionAction action) {
        switch (action) {
            case SessionAction.Connect(Line line) -> connect(line);
            case SessionAction.Close(Line line) -> close(line);
            case SessionAction.Send(Line line, Message message) -> send(line, message);
            case SessionAction.Arm(SessionTimer timer, var after) ->
                loop.timers()
                        .arm(
                                new TimerKey(this, timer),
                                loop.now() + after.toMillis(),
                                () -> on(new SessionEvent.Expired(timer)));
            case SessionAction.Disarm(SessionTimer timer) -> loop.timers().disarm(new TimerKey(this, timer));
            case SessionAction.Up(Line line, Negotiated agreed) -> up(line, agreed);
            case SessionAction.Down(DownReason reason) -> down(reason);
            case SessionAction.Failed(DownReason reason) -> ended(reason);
            case SessionAction.Deliver(Message message) -> deliver(message);
        }
    }

    private void connect(Line line) {
        try {
            connections.put(line, loop.connect(this, line));
        } catch (IOException refused) {
            lastEnd = Optional.of("cannot connect: " + refused.getMessage());
            events.add(new SessionEvent.Closed(line));
        }
    }

    /** A connection that the peer made. */
    void accepted(Connection connection) {
        connections.put(connection.line(), connection);
        on(new SessionEvent.Accepted(connection.line()));
    }

    private void close(Line line) {
        Connection connection = connections.remove(line);
        if (connection != null) {
            connection.end();
            loop.ending(connection);
        }
    }

    private void send(Line line, Message message) {
        if (message instanceof Notification notification) {
            lastNotification = Optional.of(notification);
        }
        Connection connection = connections.get(line);
        if (connection != null) {
            attempt(connection, () -> connection.send(message));
        }
    }

    /** Something that may find the connection broken. */
    private interface Attempt {
        void run() throws IOException;
    }

    private void attempt(Connection connection, Attempt attempt) {
        try {
            attempt.run();
        } catch (IOException lost) {
            lost(connection, String.valueOf(lost.getMessage()));
        }
    }

    /** A connection is broken or was closed by the peer. */
    void lost(Connection connection, String why) {
        lastEnd = Optional.of("connection lost: " + why);
        if (connections.remove(connection.line(), connection)) {
            connection.close();
            on(new SessionEvent.Closed(connection.line()));
        }
    }

    /** Bytes have come. */
    void received(Connection connection, ByteBuffer bytes) {
        Connection.Incoming incoming = connection.incoming(bytes);
        try {
            for (Optional<Reading> next = incoming.next(); next.isPresent(); next = incoming.next()) {
                messages++;
                faults += next.get().faults().size();
                if (next.get().message() instanceof Notification notification) {
                    lastNotification = Optional.of(notification);
                }
                on(new SessionEvent.Received(connection.line(), next.get().message()));
                if (connections.get(connection.line()) != connection) {
                    return;
                }
            }
        } catch (NotificationException malformed) {
            on(new SessionEvent.Malformed(connection.line(), malformed.notification(), malformed.reason()));
        }
    }

    /** The peer may read again. */
    void writable(Connection connection) {
        attempt(connection, () -> {
            if (connection.flush()) {
                on(new SessionEvent.Progress(connection.line()));
            }
        });
    }

    private void up(Line line, Negotiated agreed) {
        Connection connection = connections.get(line);
        if (connection == null) {
            return;
        }
        connection.agreed(agreed);
        established = Optional.of(connection);
        negotiated = Optional.of(agreed);
        since = System.currentTimeMillis();
        boolean internal = agreed.kind() == PeerKind.INTERNAL;
        Source.Kind kind =
                !internal ? Source.Kind.EXTERNAL : settings.client() ? Source.Kind.CLIENT : Source.Kind.INTERNAL;
        source = new Source(number, kind, agreed.peer().as(), agreed.peer().identifier(), address.address());
        Set<Family> families =
                agreed.families().stream().map(AddressFamily::addresses).collect(Collectors.toSet());
        keepStale(agreed);
        ended.clear();
        loop.rib().up(neighbor(connection, agreed), families);
        outbound =
                Optional.of(new Outbound(loop.rib(), source, connection, agreed.families(), agreed.enhancedRefresh()));
        loop.log(settings.name() + " is up");
    }

    /** RFC 4724 section 4.2: routes stay if the peer says that it kept forwarding; then it has a time to announce them again. */
    private void keepStale(Negotiated agreed) {
        loop.timers().disarm(new TimerKey(this, Retention.class));
        for (Family family : Family.values()) {
            loop.timers().disarm(new TimerKey(this, family));
        }
        for (Family family : Set.copyOf(stale)) {
            boolean forwarding = agreed.gracefulRestart().stream()
                    .flatMap(restart -> restart.families().stream())
                    .anyMatch(each -> each.forwarding() && each.family().equals(AddressFamily.of(family)));
            if (!forwarding) {
                sweep(family);
            }
        }
        if (!stale.isEmpty()) {
            loop.timers()
                    .arm(
                            new TimerKey(this, Retention.class),
                            loop.now() + STALE_TIME,
                            () -> Set.copyOf(stale).forEach(this::sweep));
        }
    }

    private void sweep(Family family) {
        stale.remove(family);
        loop.rib().sweep(source, family);
    }

    private Neighbor neighbor(Connection connection, Negotiated agreed) {
        return new Neighbor(
                source,
                agreed.role(),
                settings.imports(),
                settings.exports(),
                self(connection, agreed),
                settings.nextHopSelf(),
                agreed.send().addPath().stream().map(AddressFamily::addresses).collect(Collectors.toSet()),
                agreed.longLived().isPresent());
    }

    /** The address of the session, where the settings say nothing else; an IPv6 address for IPv4 routes where the peer knows that (RFC 8950). */
    private Map<Family, NextHop> self(Connection connection, Negotiated agreed) {
        Map<Family, NextHop> self = new EnumMap<>(Family.class);
        try {
            IpAddress own = SocketAddresses.peer(
                            (InetSocketAddress) connection.channel().getLocalAddress(), loop.links())
                    .address();
            self.put(own.family(), NextHop.of(own));
            if (own.family() == Family.IPV6 && agreed.send().extendedNextHop()) {
                self.put(Family.IPV4, NextHop.of(own));
            }
        } catch (IOException lost) {
            // The session ends with the next event; nothing can be announced in it.
        }
        self.putAll(settings.self());
        return self;
    }

    private void ended(DownReason reason) {
        lastEnd = Optional.of(Reasons.text(reason, lastEnd));
        loop.log(settings.name() + ": " + lastEnd.get());
    }

    private void down(DownReason reason) {
        ended(reason);
        Negotiated agreed = negotiated.orElseThrow();
        established = Optional.empty();
        outbound = Optional.empty();
        negotiated = Optional.empty();
        since = System.currentTimeMillis();
        ended.clear();
        retention = Retention.after(reason, agreed);
        stale.clear();
        stale.addAll(retention.families());
        loop.rib().down(source, retention.families());
        if (!stale.isEmpty()) {
            loop.timers()
                    .arm(
                            new TimerKey(this, Retention.class),
                            loop.now() + retention.seconds() * 1000L,
                            this::restartTimeIsOver);
        }
        loop.isDown(this);
    }

    /** RFC 9494 section 4.2. */
    private void restartTimeIsOver() {
        for (Family family : Set.copyOf(stale)) {
            int longer = retention.longer().getOrDefault(family, 0);
            if (longer == 0) {
                sweep(family);
            } else {
                loop.rib().keepLonger(source, family);
                loop.timers().arm(new TimerKey(this, family), loop.now() + longer * 1000L, () -> {
                    if (established.isEmpty()) {
                        sweep(family);
                        loop.isDown(this);
                    }
                });
            }
        }
        loop.isDown(this);
    }

    private void deliver(Message message) {
        switch (message) {
            case Update(var withdrawn, var announced) -> {
                for (PathPrefixes prefixes : withdrawn) {
                    loop.rib().withdraw(source, prefixes);
                }
                for (Update.Announcement each : announced) {
                    loop.rib().announce(source, each.attributes(), each.prefixes());
                }
                limit();
            }
            case EndOfRib(AddressFamily family) -> {
                if (isAgreed(family)) {
                    ended.add(family.addresses());
                    sweepStale(family.addresses());
                }
            }
            case RouteRefresh refresh -> {
                if (isAgreed(refresh.family())) {
                    refresh(refresh);
                }
            }
            default -> throw new IllegalStateException("not to be delivered: " + message);
        }
    }

    /** RFC 4486 section 4. */
    private void limit() {
        for (Family family : Family.values()) {
            if (loop.rib().paths(source, family) > settings.mostPrefixes()) {
                on(new SessionEvent.Malformed(
                        established.orElseThrow().line(),
                        Notification.of(ErrorCode.CEASE, ErrorCode.MAXIMUM_PREFIXES),
                        "more than " + settings.mostPrefixes() + " prefixes of " + family));
                return;
            }
        }
    }

    /** What a peer says about other families is ignored (RFC 2918 section 4); it may name any. */
    private boolean isAgreed(AddressFamily family) {
        return negotiated.filter(agreed -> agreed.families().contains(family)).isPresent();
    }

    private void sweepStale(Family family) {
        if (stale.contains(family)) {
            sweep(family);
        }
    }

    private void refresh(RouteRefresh refresh) {
        Family family = refresh.family().addresses();
        switch (refresh.subtype()) {
            case RouteRefresh.REQUEST ->
                attempt(established.orElseThrow(), () -> outbound.orElseThrow().refresh(refresh.family()));
            case RouteRefresh.BEGIN -> {
                loop.rib().markStale(source, family);
                stale.add(family);
            }
            case RouteRefresh.END -> sweepStale(family);
            default -> {} // RFC 7313 section 5: others are ignored
        }
    }

    /** Whether the peer has to be told anything and reads what it is told. */
    boolean isReady() {
        return outbound.filter(Outbound::isReady).isPresent();
    }

    /** Tells the peer some of what it has to know. */
    void tell(ByteBuffer scratch) {
        outbound.ifPresent(telling -> attempt(established.orElseThrow(), () -> telling.tell(scratch)));
    }

    PeerStatus status() {
        Map<Family, Integer> received = new EnumMap<>(Family.class);
        Map<Family, Integer> sent = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            received.put(family, loop.rib().paths(source, family));
            loop.rib().out(source, family).ifPresent(out -> sent.put(family, out.told()));
        }
        return new PeerStatus(
                settings.name(),
                address,
                established.isPresent() ? Phase.ESTABLISHED : state.phase(),
                since,
                negotiated,
                lastEnd,
                lastNotification,
                received,
                sent,
                messages,
                faults);
    }

    /** Forgets the peer; its session must have been stopped. */
    void forget() {
        for (SessionTimer timer : SessionTimer.values()) {
            loop.timers().disarm(new TimerKey(this, timer));
        }
        loop.timers().disarm(new TimerKey(this, Retention.class));
        for (Family family : Family.values()) {
            loop.timers().disarm(new TimerKey(this, family));
        }
        loop.rib().down(source, Set.of());
    }
}
