package fyr.kernel.plan;

import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Says what the nf_tables part of a plan does to a packet, by doing what the kernel would: every expression on registers of bytes.
 * What it does not know it refuses with an {@link IllegalStateException}. What rules remember in maps, they find there with later packets;
 * no time passes. The objects themselves do not change. Not for use by several threads at once.
 */
public final class Tracer {

    private final PersistentMap<NftKey, NftObject> objects;
    private final Sets sets;
    private final RandomGenerator random;
    private final Map<Hook, List<Base>> bases = new HashMap<>();

    /** A tracer over these objects; {@code random} is asked by rules that draw a number. */
    public Tracer(PersistentMap<NftKey, NftObject> objects, RandomGenerator random) {
        this(objects, new Sets(objects), random);
    }

    private Tracer(PersistentMap<NftKey, NftObject> objects, Sets sets, RandomGenerator random) {
        this.objects = objects;
        this.sets = sets;
        this.random = random;
    }

    /** A tracer over what became of these objects: what their rules remembered is still there. */
    public Tracer after(PersistentMap<NftKey, NftObject> change) {
        return new Tracer(change, sets.after(change), random);
    }

    /**
     * The way of the packet through the base chains of this hook, in order of priority. Chains of type nat see only the first packet of a
     * connection, and none after the one that translated it (nf_nat_inet_fn).
     */
    public Trace trace(NftHook.Point point, Packet packet) {
        TracerRun run = new TracerRun(objects, sets, random, packet);
        for (Base base : bases.computeIfAbsent(new Hook(point, packet.family()), this::bases)) {
            boolean applies = base.hook().type() != NftHook.Type.NAT
                    || packet.connection().state() == Packet.NEW && run.tracked() && !run.translated();
            if (applies && !run.passes(base.name(), base.hook().drop())) {
                break;
            }
        }
        return run.trace();
    }

    private record Hook(NftHook.Point point, Family family) {}

    private record Base(String name, NftHook hook) {}

    private List<Base> bases(Hook wanted) {
        List<Base> bases = new ArrayList<>();
        objects.forEach((key, object) -> {
            if (key instanceof NftKey.ChainKey(Family of, String name)
                    && of == wanted.family()
                    && object instanceof NftObject.Chain chain
                    && chain.hook()
                            .filter(hook -> hook.point() == wanted.point())
                            .isPresent()) {
                bases.add(new Base(name, chain.hook().get()));
            }
        });
        bases.sort(
                Comparator.comparingInt((Base base) -> base.hook().priority()).thenComparing(Base::name));
        return bases;
    }
}
