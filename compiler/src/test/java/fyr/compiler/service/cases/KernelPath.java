package fyr.compiler.service.cases;

import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftHook;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.plan.Packet;
import fyr.kernel.plan.Trace;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.random.RandomGenerator;

/**
 * The way through a kernel with the rules of a plan: prerouting or output, where the destination is translated, then the route to that
 * destination, then forward or input, then postrouting, where the source is.
 */
final class KernelPath implements ConnectionPath {

    private static final int FIRST_PORT = 32768;
    private static final int PORTS = 28232;
    private static final int RTN_UNICAST = 1; // include/uapi/linux/rtnetlink.h
    private static final int RTN_LOCAL = 2;

    private final Scene scene;
    private final Hooks hooks;
    private final RandomGenerator random;

    /** What the rules of a plan do at each hook. */
    interface Hooks {

        /** The way of a packet through the rules of one hook. */
        Trace trace(NftHook.Point point, Packet packet);

        /** The hooks with the rules of the plan that follows; they remember what these do. */
        Hooks after(KernelPlan change);
    }

    /** A way through these hooks. */
    KernelPath(Scene scene, Hooks hooks, RandomGenerator random) {
        this.scene = scene;
        this.hooks = hooks;
        this.random = random;
    }

    @Override
    public ConnectionPath after(KernelPlan change) {
        return new KernelPath(scene, hooks.after(change), random);
    }

    @Override
    public Outcome connect(Place from, Place to, int port, Protocol protocol, Family family) {
        Packet packet = Packet.first(
                from.in(family), to.in(family), protocol.number(), FIRST_PORT + random.nextInt(PORTS), port);
        return scene.owns(from)
                ? sent(packet)
                : arrived(packet.through(from.side().link(), ""));
    }

    private Outcome arrived(Packet packet) {
        Trace prerouting = hooks.trace(NftHook.Point.PREROUTING, routed(packet));
        if (!prerouting.passed()) {
            return lost(prerouting);
        }
        Packet next = routed(prerouting.packet());
        if (isLocal(next)) {
            Trace input = hooks.trace(NftHook.Point.INPUT, next);
            return input.passed() ? reached(input.packet(), false) : lost(input);
        }
        Packet leaving = next.through(next.inputInterface(), link(next));
        Trace forward = hooks.trace(NftHook.Point.FORWARD, leaving);
        return forward.passed() ? leaves(forward.packet()) : lost(forward);
    }

    /**
     * A packet to the node itself passes postrouting as well, and comes back by the loopback link, already translated. By then its connection
     * is tracked: to be refused there is too late, because a UDP client would keep an untranslated flow.
     */
    private Outcome sent(Packet packet) {
        Packet first = routed(packet);
        Trace output = hooks.trace(NftHook.Point.OUTPUT, first.through("", link(first)));
        if (!output.passed()) {
            return lost(output);
        }
        Packet next = routed(output.packet());
        Packet leaving = next.through("", link(next));
        if (!isLocal(leaving)) {
            return leaves(leaving);
        }
        Trace input = hooks.trace(NftHook.Point.INPUT, leaving.through("lo", ""));
        return input.passed() ? leaves(leaving) : new Outcome.Dropped();
    }

    private Outcome leaves(Packet packet) {
        Trace postrouting = hooks.trace(NftHook.Point.POSTROUTING, packet);
        return postrouting.passed()
                ? reached(postrouting.packet(), postrouting.outcome() instanceof Trace.Masqueraded)
                : lost(postrouting);
    }

    /** TCP is refused by a reset: clients do not hear of each ICMP error, because the kernel limits their number (Refusal). */
    private static Outcome lost(Trace trace) {
        return trace.outcome() instanceof Trace.Rejected(var _, var _, var answer)
                        && (answer == NftExpression.Answer.TCP_RESET
                                || trace.packet().protocol() != Protocol.TCP.number())
                ? new Outcome.Refused()
                : new Outcome.Dropped();
    }

    private static Outcome reached(Packet packet, boolean masqueraded) {
        Packet.Connection connection = packet.connection();
        return (connection.status() & Packet.DESTINATION_TRANSLATED) == 0
                ? new Outcome.Untouched()
                : new Outcome.Reached(
                        Place.of(packet.destination()).orElseThrow(), packet.destinationPort(), masqueraded);
    }

    private Packet routed(Packet packet) {
        return packet.towards(isLocal(packet) ? RTN_LOCAL : RTN_UNICAST);
    }

    private boolean isLocal(Packet packet) {
        return scene.owns(packet.destination());
    }

    private String link(Packet packet) {
        IpAddress to = packet.destination();
        return scene.owns(to)
                ? "lo"
                : Place.of(to)
                        .orElseThrow(() -> new IllegalStateException("nobody is " + to))
                        .side()
                        .link();
    }
}
