package fyr.compiler.service.cases;

import fyr.kernel.Tables;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.plan.Packet;
import fyr.kernel.plan.Trace;
import fyr.kernel.plan.Tracer;
import fyr.model.persistent.PersistentMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The nf_tables part of a plan alone. */
final class NftHooks implements KernelPath.Hooks {

    private final Rules objects;
    private final Tracer tracer;
    private final Consumer<Trace> observer;

    /** Which objects of a plan count. */
    interface Rules {
        PersistentMap<NftKey, NftObject> of(KernelPlan plan);
    }

    NftHooks(KernelPlan plan, RandomGenerator random) {
        this(plan, random, _ -> {});
    }

    /** Hooks of which somebody sees each trace. */
    NftHooks(KernelPlan plan, RandomGenerator random, Consumer<Trace> observer) {
        this(one -> one.table(Tables.NFT), plan, random, observer);
    }

    /** Hooks with some of the rules, of which somebody sees each trace. */
    NftHooks(Rules objects, KernelPlan plan, RandomGenerator random, Consumer<Trace> observer) {
        this(objects, new Tracer(objects.of(plan), random), observer);
    }

    private NftHooks(Rules objects, Tracer tracer, Consumer<Trace> observer) {
        this.objects = objects;
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
        return new NftHooks(objects, tracer.after(objects.of(change)), observer);
    }
}
