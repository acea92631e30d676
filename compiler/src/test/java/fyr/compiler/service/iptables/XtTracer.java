package fyr.compiler.service.iptables;

import fyr.kernel.iptables.OurChains;
import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.iptables.XtKey.ChainKey;
import fyr.kernel.iptables.XtKey.JumpKey;
import fyr.kernel.iptables.XtMatch;
import fyr.kernel.iptables.XtRule;
import fyr.kernel.iptables.XtTable;
import fyr.kernel.iptables.XtTarget;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * What the chains of a plan do with the first packets of connections, as iptables(8) and iptables-extensions(8) say. What {@code recent}
 * remembers of one connection counts for the next; time does not pass.
 */
public final class XtTracer {

    private final PersistentMap<XtKey, XtEntry> chains;
    private final Predicate<IpAddress> local;
    private final RandomGenerator random;
    private final Set<Memory> remembered;
    private final Consumer<Step> observer;

    /** A rule all of whose conditions held, in a chain of ours or of the kernel. */
    public record Step(XtTable table, String chain, XtRule rule) {}

    private record Memory(String list, IpAddress source) {}

    /** @param local whether an address is the node's */
    public XtTracer(PersistentMap<XtKey, XtEntry> chains, Predicate<IpAddress> local, RandomGenerator random) {
        this(chains, local, random, _ -> {});
    }

    /** A tracer of which somebody sees each step. */
    public XtTracer(
            PersistentMap<XtKey, XtEntry> chains,
            Predicate<IpAddress> local,
            RandomGenerator random,
            Consumer<Step> observer) {
        this(chains, local, random, new HashSet<>(), observer);
    }

    private XtTracer(
            PersistentMap<XtKey, XtEntry> chains,
            Predicate<IpAddress> local,
            RandomGenerator random,
            Set<Memory> remembered,
            Consumer<Step> observer) {
        this.chains = chains;
        this.local = local;
        this.random = random;
        this.remembered = remembered;
        this.observer = observer;
    }

    /** The same after a change; what was remembered in a list that no rule has any more is forgotten. */
    public XtTracer after(PersistentMap<XtKey, XtEntry> change) {
        Set<Memory> left = new HashSet<>(remembered);
        left.removeIf(memory ->
                change.sorted(key -> key.chain().equals(memory.list())).isEmpty());
        return new XtTracer(change, local, random, left, observer);
    }

    /**
     * A first packet on its way.
     *
     * @param link that it arrived on; empty if the node sends it
     */
    public record Packet(IpAddress source, IpAddress destination, Protocol protocol, int port, String link, int mark) {

        Packet towards(IpAddress address, int other) {
            return new Packet(source, address, protocol, other, link, mark);
        }

        Packet marked(int bits) {
            return new Packet(source, destination, protocol, port, link, bits);
        }
    }

    /** What becomes of it in one table at one hook. */
    public sealed interface Verdict {

        /** It goes on, perhaps towards another destination. */
        record Passed(Packet packet) implements Verdict {}

        /** It goes on with another source. */
        record Masqueraded() implements Verdict {}

        /**
         * Its sender is told.
         *
         * @param reset by a segment of TCP, which the kernel does not limit
         */
        record Refused(boolean reset) implements Verdict {}

        /** Nobody is told. */
        record Dropped() implements Verdict {}
    }

    /** Sends a packet through the rules that lead from a chain of the kernel's own to ours. */
    public Verdict at(XtTable table, String hook, Packet packet) {
        List<XtRule> jumps =
                chains.sorted(key -> key instanceof JumpKey && isAt(key, table, hook, packet)).keySet().stream()
                        .map(key -> ((JumpKey) key).rule())
                        .sorted(java.util.Comparator.comparingInt(XtTracer::place))
                        .toList();
        Walk walk = new Walk(table, packet);
        Optional<Verdict> verdict = walk.through(hook, jumps);
        return verdict.orElseGet(() -> new Verdict.Passed(walk.packet));
    }

    /** Those that kube-proxy puts first come last. */
    private static int place(XtRule jump) {
        List<String> order =
                List.of(OurChains.PROXY_FIREWALL, OurChains.FORWARD, OurChains.SERVICES, OurChains.NODEPORTS);
        int place = jump.target() instanceof XtTarget.Jump(String to) ? order.indexOf(to) : -1;
        return place < 0 ? order.size() : place;
    }

    private static boolean isAt(XtKey key, XtTable table, String hook, Packet packet) {
        return key.family() == packet.source().family()
                && key.table() == table
                && key.chain().equals(hook);
    }

    /** One way through a table. */
    private final class Walk {
        private final XtTable table;
        private Packet packet;

        Walk(XtTable table, Packet packet) {
            this.table = table;
            this.packet = packet;
        }

        /** Empty if the rules decide nothing. */
        Optional<Verdict> through(String chain, List<XtRule> rules) {
            for (XtRule rule : rules) {
                if (rule.matches().stream().allMatch(this::holds)) {
                    observer.accept(new Step(table, chain, rule));
                    if (rule.target() instanceof XtTarget.Return) {
                        return Optional.empty();
                    }
                    Optional<Verdict> verdict = meet(rule.target());
                    if (verdict.isPresent()) {
                        return verdict;
                    }
                }
            }
            return Optional.empty();
        }

        private Optional<Verdict> meet(XtTarget target) {
            switch (target) {
                case XtTarget.Nothing _, XtTarget.Return _ -> {}
                case XtTarget.Jump(String chain) -> {
                    return through(chain, chain(chain));
                }
                case XtTarget.Accept _ -> {
                    return Optional.of(new Verdict.Passed(packet));
                }
                case XtTarget.Drop _ -> {
                    return Optional.of(new Verdict.Dropped());
                }
                case XtTarget.Reject(boolean reset) -> {
                    return Optional.of(new Verdict.Refused(reset));
                }
                case XtTarget.SetMark(int value, int mask) -> packet = packet.marked(packet.mark() & ~mask ^ value);
                case XtTarget.Masquerade _ -> {
                    return Optional.of(new Verdict.Masqueraded());
                }
                case XtTarget.Translate(IpAddress address, int port) -> {
                    return Optional.of(new Verdict.Passed(packet.towards(address, port)));
                }
                case XtTarget.Other other -> throw new IllegalStateException("a plan does not have " + other);
            }
            return Optional.empty();
        }

        private List<XtRule> chain(String name) {
            XtEntry chain = chains.get(new ChainKey(packet.source().family(), table, name))
                    .orElseThrow(() -> new IllegalStateException("no chain " + name));
            return ((XtEntry.Chain) chain).rules();
        }

        private boolean holds(XtMatch match) {
            return switch (match) {
                case XtMatch.Source(var prefix, boolean inverted) -> prefix.contains(packet.source()) != inverted;
                case XtMatch.Destination(var prefix, boolean inverted) ->
                    prefix.contains(packet.destination()) != inverted;
                case XtMatch.InputLink(String name, boolean inverted) -> isFrom(name) != inverted;
                case XtMatch.OfProtocol(Protocol protocol) -> packet.protocol() == protocol;
                case XtMatch.DestinationPort(int port) -> packet.port() == port;
                case XtMatch.SourceIsLocal(boolean inverted) -> local.test(packet.source()) != inverted;
                case XtMatch.DestinationIsLocal _ -> local.test(packet.destination());
                case XtMatch.ConnectionState(var states) -> states.contains("NEW");
                case XtMatch.Mark(int value, int mask, boolean inverted) ->
                    ((packet.mark() & mask) == value) != inverted;
                case XtMatch.Chance chance -> random.nextDouble() < chance.probability();
                case XtMatch.Remembered(String list, long _) -> remembered.contains(new Memory(list, packet.source()));
                case XtMatch.Remember(String list) -> {
                    remembered.add(new Memory(list, packet.source()));
                    yield true;
                }
            };
        }

        private boolean isFrom(String name) {
            return name.endsWith("+")
                    ? packet.link().startsWith(name.substring(0, name.length() - 1))
                    : packet.link().equals(name);
        }
    }
}
