package fyr.bgp.bfd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A session with a clock, and everything that it asked for. */
final class Drive {

    /** 50 milliseconds each way, three packets. */
    static final BfdSettings FAST = settings(50, 50, 3);

    BfdState state;
    long now = 1_000_000_000;
    long wake;
    final List<BfdAction> actions = new ArrayList<>();
    final List<Long> sent = new ArrayList<>();

    Drive(int discriminator, BfdSettings settings, long seed) {
        state = BfdState.initial(discriminator, settings, seed, now);
    }

    static BfdSettings settings(long minTx, long minRx, int detectMult) {
        return new BfdSettings(Duration.ofMillis(minTx), Duration.ofMillis(minRx), detectMult);
    }

    /** A session that was brought into a state by a peer that is {@link Packets}. */
    static Drive in(BfdPhase phase, BfdSettings settings) {
        Drive drive = new Drive(Packets.OURS, settings, 1);
        drive.on(new BfdEvent.Expired());
        switch (phase) {
            case ADMIN_DOWN -> drive.on(new BfdEvent.Disabled(Diagnostic.ADMINISTRATIVELY_DOWN));
            case DOWN -> {}
            case INIT -> drive.receive(Packets.of(BfdPhase.DOWN));
            case UP -> drive.receive(Packets.of(BfdPhase.INIT));
        }
        return drive;
    }

    static Drive in(BfdPhase phase) {
        return in(phase, FAST);
    }

    BfdStep on(BfdEvent event) {
        BfdStep step = BfdMachine.on(state, event, now);
        state = step.state();
        actions.addAll(step.actions());
        for (BfdAction action : step.actions()) {
            switch (action) {
                case BfdAction.Wake(var at) -> wake = at;
                case BfdAction.Send(var packet) when !packet.isFinal() -> sent.add(now);
                default -> {}
            }
        }
        return step;
    }

    BfdStep receive(ControlPacket packet) {
        return on(new BfdEvent.Received(packet));
    }

    /** Moves the clock to where something is due, and lets it happen. */
    BfdStep expire() {
        now = Math.max(now, wake);
        return on(new BfdEvent.Expired());
    }

    /** Lets everything happen that is due within a time, in microseconds, in which the peer is silent. */
    void silence(long micros) {
        long end = now + micros;
        while (wake <= end) {
            expire();
        }
        now = end;
    }

    /** The last packet. */
    ControlPacket packet() {
        return packets(actions).toList().getLast();
    }

    static Stream<ControlPacket> packets(List<BfdAction> actions) {
        return actions.stream()
                .flatMap(action -> action instanceof BfdAction.Send(var packet) ? Stream.of(packet) : Stream.empty());
    }

    /** A step in few words, without the times. */
    static String text(BfdStep step) {
        String actions = step.actions().stream()
                .flatMap(action -> switch (action) {
                    case BfdAction.Send(var packet) ->
                        Stream.of("send " + packet.phase() + (packet.poll() ? " P" : "")
                                + (packet.isFinal() ? " F" : ""));
                    case BfdAction.Wake _ -> Stream.of();
                    case BfdAction.Up() -> Stream.of("up");
                    case BfdAction.Down(var why) -> Stream.of("down " + why.code());
                    case BfdAction.Suspended(var why) -> Stream.of("suspended " + why.code());
                })
                .collect(Collectors.joining(", "));
        return step.state().phase() + (actions.isEmpty() ? "" : ": " + actions);
    }
}
