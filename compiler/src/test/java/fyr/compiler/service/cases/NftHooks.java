package fyr.compiler.service.cases;

import fyr.kernel.Tables;
import fyr.kernel.nft.NftHook;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.plan.Packet;
import fyr.kernel.plan.Trace;
import fyr.kernel.plan.Tracer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The nf_tables part of a plan alone. */
final class NftHooks implements KernelPath.Hooks {

    private final Tracer tracer;
    private final Consumer<Trace> observer;

    NftHooks(KernelPlan plan, RandomGenerator random) {
        this(plan, random, _ -> {});
    }

    /** Hooks of which somebody sees each trace. */
    NftHooks(KernelPlan plan, RandomGenerator random, Consumer<Trace> observer) {
        this(new Tracer(plan.table(Tables.NFT), random), observer);
    }

    private NftHooks(Tracer tracer, Consumer<Trace> observer) {
        this.tracer = tracer;
        this.observer = observer;
    }

    @Override
    public Trace trace(NftHook.Point point, Packet packet) {
        Trace trace = tracer.trace(point, packet);
        observer.accept(trace);
        return trace;
    }

    @Override
    public KernelPath.Hooks after(KernelPlan change) {
        return new NftHooks(tracer.after(change.table(Tables.NFT)), observer);
    }
}
