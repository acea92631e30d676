package fyr.bgp.bfd;

import fyr.bgp.path.PeerAddress;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A peer that is watched: its session and its socket. Used on the BFD thread. */
final class BfdPeer implements AutoCloseable {

    private static final long STAYS = Long.MAX_VALUE;

    private final PeerAddress address;
    private final SourceSocket socket;
    private final BfdNews news;
    private BfdState state;
    private long wake;
    private long end = STAYS;
    private long sent;
    private long received;
    private boolean fails;

    /** What peers tell the speaker, and what they share. */
    interface BfdNews {
        BfdListener listener();

        /** For the packet that is being sent. */
        ByteBuffer packet();

        void log(String line);
    }

    BfdPeer(PeerAddress address, SourceSocket socket, BfdState state, BfdNews news) {
        this.address = address;
        this.socket = socket;
        this.state = state;
        this.news = news;
    }

    PeerAddress address() {
        return address;
    }

    SourceSocket socket() {
        return socket;
    }

    int discriminator() {
        return state.discriminator();
    }

    /** When something is due, in microseconds. */
    long wake() {
        return Math.min(wake, end);
    }

    void on(BfdEvent event, long now) {
        received += event instanceof BfdEvent.Received ? 1 : 0;
        BfdStep step = BfdMachine.on(state, event, now);
        state = step.state();
        for (BfdAction action : step.actions()) {
            perform(action);
        }
    }

    private void perform(BfdAction action) {
        switch (action) {
            case BfdAction.Send(var packet) -> send(packet);
            case BfdAction.Wake(var at) -> wake = at;
            case BfdAction.Up() -> news.listener().up(address);
            case BfdAction.Down(var why) -> news.listener().down(address, why);
            case BfdAction.Suspended(var why)
            when end == STAYS -> news.listener().suspended(address, why);
            case BfdAction.Suspended _ -> {}
        }
    }

    /** A packet that cannot be sent is lost, as packets may be: if that lasts, the session goes down. The first one of a row is told. */
    private void send(ControlPacket packet) {
        PacketFormat.write(packet, news.packet());
        try {
            sent += socket.send(news.packet()) ? 1 : 0;
            fails = false;
        } catch (IOException refused) {
            if (!fails) {
                news.log("BFD cannot send to " + address + ": " + refused.getMessage());
            }
            fails = true;
        }
    }

    /**
     * Turns the session off and goes on for as long as the peer may miss packets that say so (RFC 5880 section 6.8.16).
     *
     * @return whether it goes on; there may be nobody to tell
     */
    boolean leave(long now) {
        boolean told = state.remote().isKnown();
        end = now;
        on(new BfdEvent.Disabled(Diagnostic.ADMINISTRATIVELY_DOWN), now);
        end = now + state.remoteDetectionTime();
        return told;
    }

    /** Whether it has said for long enough that it leaves. */
    boolean isGone(long now) {
        return end <= now;
    }

    boolean isLeaving() {
        return end != STAYS;
    }

    /** Watches the peer like this from now on, also if it was leaving. */
    void stay(BfdSettings settings, long now) {
        end = STAYS;
        on(new BfdEvent.Configured(settings), now);
        on(new BfdEvent.Enabled(), now);
    }

    BfdStatus status() {
        return new BfdStatus(
                address,
                state.phase(),
                state.diagnostic(),
                state.remote().phase(),
                state.remote().diagnostic(),
                state.transmitInterval(),
                state.detectionTime(),
                sent,
                received);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
