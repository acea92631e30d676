package fyr.compiler.service.cases;

import fyr.compiler.service.iptables.XtTracer;
import fyr.kernel.Tables;
import fyr.kernel.iptables.XtTable;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.plan.Packet;
import fyr.kernel.plan.Trace;
import fyr.kernel.plan.Tracer;
import fyr.model.Protocol;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The chains of iptables in a plan, and between them those of nf_tables, by priority. A chain of nf_tables that translates does not see a
 * connection that iptables has translated at the same hook.
 */
final class IptablesHooks implements KernelPath.Hooks {

    /** The priorities of iptables: nat at prerouting and output, filter, nat at postrouting (include/uapi/linux/netfilter_ipv4.h). */
    private static final List<Integer> BOUNDS = List.of(-100, 0, 100);

    private final XtTracer chains;
    private final List<Band> bands;
    private final RandomGenerator random;

    /** The chains of nf_tables between two of the priorities. */
    private record Band(Tracer all, Tracer withoutNat) {

        static Band of(PersistentMap<NftKey, NftObject> objects, int number, RandomGenerator random) {
            PersistentMap<NftKey, NftObject> within = without(objects, hook -> number(hook) != number);
            return new Band(
                    new Tracer(within, random),
                    new Tracer(without(within, hook -> hook.type() == NftHook.Type.NAT), random));
        }

        private static int number(NftHook hook) {
            return (int)
                    BOUNDS.stream().filter(bound -> hook.priority() >= bound).count();
        }

        private static PersistentMap<NftKey, NftObject> without(
                PersistentMap<NftKey, NftObject> objects, Predicate<NftHook> gone) {
            List<NftKey> keys = new ArrayList<>();
            objects.forEach((key, object) -> {
                if (object instanceof NftObject.Chain chain
                        && chain.hook().filter(gone).isPresent()) {
                    keys.add(key);
                }
            });
            return objects.withoutAll(keys);
        }
    }

    IptablesHooks(Scene scene, KernelPlan plan, RandomGenerator random) {
        this(scene, plan, random, _ -> {});
    }

    /** Hooks of which somebody sees each rule that packets meet. */
    IptablesHooks(Scene scene, KernelPlan plan, RandomGenerator random, Consumer<XtTracer.Step> observer) {
        this(new XtTracer(plan.table(Tables.IPTABLES), scene::owns, random, observer), bands(plan, random), random);
    }

    private IptablesHooks(XtTracer chains, List<Band> bands, RandomGenerator random) {
        this.chains = chains;
        this.bands = bands;
        this.random = random;
    }

    private static List<Band> bands(KernelPlan plan, RandomGenerator random) {
        return IntStream.rangeClosed(0, BOUNDS.size())
                .mapToObj(number -> Band.of(plan.table(Tables.NFT), number, random))
                .toList();
    }

    /** What rules of nf_tables remembered is forgotten: affinity is in the chains. */
    @Override
    public KernelPath.Hooks after(KernelPlan change) {
        return new IptablesHooks(chains.after(change.table(Tables.IPTABLES)), bands(change, random), random);
    }

    @Override
    public Trace trace(NftHook.Point point, Packet packet) {
        Trace trace = new Trace(List.of(), new Trace.Accepted(), packet);
        for (int number = 0; number < bands.size(); number++) {
            Band band = bands.get(number);
            trace = next(trace, isTranslation(trace) ? band.withoutNat() : band.all(), point);
            Optional<XtTable> table = tableAfter(number, point);
            if (trace.passed() && table.isPresent()) {
                trace = next(trace, table.get(), point);
            }
            if (!trace.passed()) {
                return trace;
            }
        }
        return trace;
    }

    private static Optional<XtTable> tableAfter(int band, NftHook.Point point) {
        return switch (point) {
            case PREROUTING -> band == 0 ? Optional.of(XtTable.NAT) : Optional.empty();
            case INPUT, FORWARD -> band == 1 ? Optional.of(XtTable.FILTER) : Optional.empty();
            case OUTPUT ->
                switch (band) {
                    case 0 -> Optional.of(XtTable.NAT);
                    case 1 -> Optional.of(XtTable.FILTER);
                    default -> Optional.empty();
                };
            case POSTROUTING -> band == 2 ? Optional.of(XtTable.NAT) : Optional.empty();
        };
    }

    private static boolean isTranslation(Trace trace) {
        return trace.outcome() instanceof Trace.Translated || trace.outcome() instanceof Trace.Masqueraded;
    }

    private static Trace next(Trace before, Tracer tracer, NftHook.Point point) {
        Trace then = tracer.trace(point, before.packet());
        return then.outcome() instanceof Trace.Accepted ? new Trace(List.of(), before.outcome(), then.packet()) : then;
    }

    private Trace next(Trace before, XtTable table, NftHook.Point point) {
        Packet packet = before.packet();
        return switch (chains.at(table, point.name(), seen(packet))) {
            case XtTracer.Verdict.Passed(var passed) -> passed(before, passed);
            case XtTracer.Verdict.Masqueraded _ -> new Trace(List.of(), new Trace.Masqueraded(), packet);
            case XtTracer.Verdict.Dropped _ -> new Trace(List.of(), new Trace.Dropped(point.name(), ""), packet);
            case XtTracer.Verdict.Refused(boolean reset) ->
                new Trace(
                        List.of(),
                        new Trace.Rejected(
                                point.name(),
                                "",
                                reset ? NftExpression.Answer.TCP_RESET : NftExpression.Answer.PORT_UNREACHABLE),
                        packet);
        };
    }

    private static XtTracer.Packet seen(Packet packet) {
        Protocol protocol = Arrays.stream(Protocol.values())
                .filter(one -> one.number() == packet.protocol())
                .findFirst()
                .orElseThrow();
        return new XtTracer.Packet(
                packet.source(),
                packet.destination(),
                protocol,
                packet.destinationPort(),
                packet.inputInterface(),
                packet.mark());
    }

    private static Trace passed(Trace before, XtTracer.Packet passed) {
        Packet packet = before.packet();
        Packet.Connection connection = packet.connection();
        boolean translated =
                !passed.destination().equals(packet.destination()) || passed.port() != packet.destinationPort();
        Packet after = new Packet(
                packet.source(),
                passed.destination(),
                packet.protocol(),
                packet.sourcePort(),
                passed.port(),
                packet.inputInterface(),
                packet.outputInterface(),
                passed.mark(),
                packet.destinationType(),
                new Packet.Connection(
                        connection.state(),
                        connection.status() | (translated ? Packet.DESTINATION_TRANSLATED : 0),
                        connection.mark(),
                        connection.originalSource(),
                        connection.originalDestination(),
                        connection.originalDestinationPort()));
        Trace.Outcome outcome =
                translated ? new Trace.Translated(passed.destination(), passed.port()) : before.outcome();
        return new Trace(List.of(), outcome, after);
    }
}
