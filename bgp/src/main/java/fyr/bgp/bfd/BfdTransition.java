package fyr.bgp.bfd;

import java.util.ArrayList;
import java.util.List;

/** One step of the state machine: the state is taken apart, changed, and put together again. */
final class BfdTransition {

    private final BfdState before;
    private final long now;
    private final List<BfdAction> actions = new ArrayList<>();
    private BfdSettings settings;
    private BfdPhase phase;
    private Diagnostic diagnostic;
    private Remote remote;
    private long heard;
    private Timing advertised;
    private Timing effective;
    private Poll poll;
    private long sent;
    private long seed;
    private boolean transmits;
    private boolean answers;

    BfdTransition(BfdState state, long now) {
        this.before = state;
        this.now = now;
        settings = state.settings();
        phase = state.phase();
        diagnostic = state.diagnostic();
        remote = state.remote();
        heard = state.heard();
        advertised = state.advertised();
        effective = state.effective();
        poll = state.poll();
        sent = state.sent();
        seed = state.seed();
    }

    BfdStep step() {
        return new BfdStep(state(), actions);
    }

    private BfdState state() {
        return new BfdState(
                before.discriminator(),
                settings,
                phase,
                diagnostic,
                remote,
                heard,
                advertised,
                effective,
                poll,
                sent,
                seed);
    }

    void handle(BfdEvent event) {
        switch (event) {
            case BfdEvent.Received(var packet) -> received(packet);
            case BfdEvent.Expired() -> expired();
            case BfdEvent.Configured(var next) -> settings = next;
            case BfdEvent.Disabled(var why) -> move(BfdPhase.ADMIN_DOWN, why, true);
            case BfdEvent.Enabled() when phase == BfdPhase.ADMIN_DOWN -> move(BfdPhase.DOWN, Diagnostic.NONE, true);
            case BfdEvent.Enabled() -> {}
        }
        negotiate();
        transmit();
        long next = state().next();
        if (next != before.next() || event instanceof BfdEvent.Expired) {
            actions.add(new BfdAction.Wake(next));
        }
    }

    private void received(ControlPacket packet) {
        remote = Remote.of(packet);
        heard = now;
        if (poll == Poll.POLLING && packet.isFinal()) {
            poll = Poll.SETTLING;
            effective = advertised;
        } else if (poll == Poll.SETTLING && !packet.isFinal()) {
            poll = Poll.NONE;
        }
        if (phase != BfdPhase.ADMIN_DOWN) {
            follow(packet.phase());
            answers = packet.poll();
        }
    }

    /** RFC 5880 section 6.8.6. */
    private void follow(BfdPhase theirs) {
        switch (phase) {
            case ADMIN_DOWN -> {}
            case DOWN -> {
                if (theirs == BfdPhase.DOWN) {
                    move(BfdPhase.INIT, diagnostic, false);
                } else if (theirs == BfdPhase.INIT) {
                    move(BfdPhase.UP, Diagnostic.NONE, false);
                }
            }
            case INIT -> {
                if (theirs == BfdPhase.ADMIN_DOWN) {
                    move(BfdPhase.DOWN, Diagnostic.NEIGHBOR_SIGNALED_DOWN, true);
                } else if (theirs != BfdPhase.DOWN) {
                    move(BfdPhase.UP, Diagnostic.NONE, false);
                }
            }
            case UP -> {
                if (theirs == BfdPhase.ADMIN_DOWN || theirs == BfdPhase.DOWN) {
                    move(BfdPhase.DOWN, Diagnostic.NEIGHBOR_SIGNALED_DOWN, theirs == BfdPhase.ADMIN_DOWN);
                }
            }
        }
    }

    private void expired() {
        transmits = before.isTransmissionDue(now);
        if (before.isDetectionDue(now)) {
            remote = Remote.UNKNOWN;
            if (phase == BfdPhase.INIT || phase == BfdPhase.UP) {
                move(BfdPhase.DOWN, Diagnostic.DETECTION_TIME_EXPIRED, false);
            }
        }
    }

    /** A change is told at once (RFC 5880 section 6.8.7: a packet should be sent when its contents differ). */
    private void move(BfdPhase next, Diagnostic why, boolean administrative) {
        transmits |= next != phase || !why.equals(diagnostic);
        if (phase == BfdPhase.UP) {
            actions.add(administrative ? new BfdAction.Suspended(why) : new BfdAction.Down(why));
        } else if (next == BfdPhase.UP) {
            actions.add(new BfdAction.Up());
        }
        phase = next;
        diagnostic = why;
    }

    /**
     * Brings what is advertised to what is wanted, with a poll sequence if there is a peer to answer. While the session is up, one change waits for
     * the end of the sequence of the one before, because an answer does not say to which packet.
     */
    private void negotiate() {
        if (!remote.isKnown()) {
            poll = Poll.NONE;
        }
        Timing wanted = Timing.of(settings, phase);
        if (!wanted.equals(advertised) && (phase != BfdPhase.UP || poll == Poll.NONE)) {
            effective = effective.until(wanted);
            advertised = wanted;
            poll = remote.isKnown() ? Poll.POLLING : Poll.NONE;
        }
        if (phase != BfdPhase.UP) {
            effective = advertised;
        }
    }

    /** An answer does not wait for the time of the next packet, nor change it (RFC 5880 section 6.8.7). */
    private void transmit() {
        if (answers) {
            actions.add(new BfdAction.Send(packet(false, true)));
        }
        if (transmits) {
            actions.add(new BfdAction.Send(packet(poll == Poll.POLLING, false)));
            sent = now;
            seed = seed * 6364136223846793005L + 1442695040888963407L; // the generator of Knuth's MMIX
        }
    }

    private ControlPacket packet(boolean asks, boolean isAnswer) {
        return new ControlPacket(
                diagnostic,
                phase,
                asks,
                isAnswer,
                false,
                false,
                advertised.detectMult(),
                before.discriminator(),
                remote.discriminator(),
                advertised.minTx(),
                advertised.minRx(),
                0);
    }
}
