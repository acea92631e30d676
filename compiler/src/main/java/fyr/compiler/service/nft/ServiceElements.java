package fyr.compiler.service.nft;

import fyr.compiler.service.Backend;
import fyr.compiler.service.Delivery;
import fyr.compiler.service.Frontend;
import fyr.compiler.service.ServiceRow;
import fyr.compiler.service.ServiceRows;
import fyr.compiler.service.Sources;
import fyr.compiler.service.frontend.FrontendElements;
import fyr.compiler.service.frontend.FrontendKey;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftKey.ElementKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftVerdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The elements of one service in all maps: a function of its rows alone. Those of its slots are made only where they are asked for, because
 * a service may have thousands of which a change affects ten.
 */
public final class ServiceElements {

    /** Those of a service without rows. */
    static final ServiceElements NONE = new ServiceElements();

    private static final int MANY = 128;

    private static final NftObject DROP = FrontendElements.element(new NftData.Verdict(new NftVerdict.Drop()));
    private static final NftObject ACCEPT = FrontendElements.element(new NftData.Verdict(new NftVerdict.Accept()));

    /** The slots of a frontend in its map of backends. */
    private record SlotsKey(FrontendKey frontend, ServiceMaps maps) {}

    private final Map<NftKey, NftObject> others = new HashMap<>();
    private final Map<SlotsKey, List<Backend>> slots = new HashMap<>();
    private final Set<SlotsKey> affine = new HashSet<>();
    private final Set<Duration> timeouts = new HashSet<>();

    /** Frontends mostly have the same endpoints, often in the same list. */
    private final Map<List<Backend>, List<Backend>> slotsOf = new IdentityHashMap<>(2);

    private ServiceElements() {}

    static ServiceElements of(ServiceRows rows) {
        ServiceElements all = new ServiceElements();
        FrontendElements.of(rows, all.others::put);
        rows.rows().forEach(all::add);
        return all;
    }

    /** Whether making them again takes noticeably long. */
    boolean areMany() {
        return slots.values().stream().mapToInt(List::size).sum() > MANY;
    }

    /** How long clients keep their endpoints, if they do; one for each different time. */
    Set<Duration> timeouts() {
        return timeouts;
    }

    private void add(ServiceRow row) {
        switch (row) {
            case ServiceRow(
                    Frontend frontend,
                    Delivery fromHere,
                    Delivery fromElsewhere,
                    Optional<Duration> affinity,
                    Sources _) -> {
                FrontendKey key = FrontendKey.of(frontend);
                boolean remembers = affinity.isPresent();
                lead(key, ServiceMaps.of(key), fromElsewhere, remembers);
                if (!leadAlike(fromHere, fromElsewhere)) {
                    leadFromHere(key, fromHere, remembers);
                }
                affinity.ifPresent(time -> remember(key, time));
            }
        }
    }

    private static boolean leadAlike(Delivery one, Delivery other) {
        return one instanceof Delivery.Forward(var backends, var _)
                        && other instanceof Delivery.Forward(var others, var _)
                ? backends.equals(others)
                : one.equals(other);
    }

    /** Without an element, a rule refuses connections to a frontend that is known to be a service's. */
    private void lead(FrontendKey key, ServiceMaps maps, Delivery delivery, boolean remembers) {
        switch (delivery) {
            case Delivery.Forward(List<Backend> backends, boolean _) -> {
                add(key, maps.chains(), maps.leadingTo(ServiceTier.of(backends.size())));
                SlotsKey at = new SlotsKey(key, maps);
                slots.put(at, slotsOf.computeIfAbsent(backends, Slots::of));
                if (remembers) {
                    affine.add(at);
                }
            }
            case Delivery.Drop _ -> add(key, maps.chains(), DROP);
            case Delivery.Refuse _ -> {}
        }
    }

    /** Without an element, the connection would be looked up in the map for all connections. */
    private void leadFromHere(FrontendKey key, Delivery delivery, boolean remembers) {
        switch (delivery) {
            case Delivery.Forward _, Delivery.Drop _ -> lead(key, ServiceMaps.ofHere(key), delivery, remembers);
            case Delivery.Refuse _ -> add(key, ServiceMaps.ofHere(key).chains(), ACCEPT);
        }
    }

    private void remember(FrontendKey key, Duration time) {
        timeouts.add(time);
        add(
                key,
                key.nodePort() ? ServiceSets.NODE_PORT_AFFINITY_TIMEOUTS : ServiceSets.AFFINITY_TIMEOUTS,
                FrontendElements.element(new NftData.Verdict(AffinityRules.remembering(time))));
    }

    private void add(FrontendKey key, String set, NftObject element) {
        others.put(new ElementKey(key.family(), set, key.bytes()), element);
    }

    /** Which of these elements the same service does not have later. */
    List<NftKey> without(ServiceElements later) {
        List<NftKey> gone = new ArrayList<>();
        for (NftKey key : others.keySet()) {
            if (!later.others.containsKey(key)) {
                gone.add(key);
            }
        }
        slots.forEach((at, backends) -> {
            List<Backend> after = later.slots.getOrDefault(at, List.of());
            for (int slot = after.size(); slot < backends.size(); slot++) {
                gone.add(slotKey(at, slot));
            }
            if (affine.contains(at)) {
                Set<Backend> kept = later.affine.contains(at) ? movedFrom(after, backends) : Set.of();
                movedFrom(backends, later.affine.contains(at) ? after : List.of()).stream()
                        .filter(backend -> !kept.contains(backend))
                        .forEach(backend -> gone.add(affineKey(at, backend)));
            }
        });
        return gone;
    }

    /** Calls back for these elements, less those that the same service had before. */
    void beyond(ServiceElements before, BiConsumer<NftKey, NftObject> different) {
        others.forEach((key, element) -> {
            if (!element.equals(before.others.get(key))) {
                different.accept(key, element);
            }
        });
        slots.forEach((at, backends) -> {
            List<Backend> earlier = before.slots.getOrDefault(at, List.of());
            for (int slot = 0; slot < backends.size(); slot++) {
                if (slot >= earlier.size() || !earlier.get(slot).equals(backends.get(slot))) {
                    different.accept(
                            slotKey(at, slot),
                            FrontendElements.element(new NftData.Value(FrontendKey.bytes(backends.get(slot)))));
                }
            }
            if (affine.contains(at)) {
                movedFrom(backends, before.affine.contains(at) ? earlier : List.of())
                        .forEach(backend -> different.accept(affineKey(at, backend), FrontendElements.PRESENT));
            }
        });
    }

    /** Who is in a slot that is somebody else's, or nobody's, on the other side. */
    private static Set<Backend> movedFrom(List<Backend> backends, List<Backend> others) {
        Set<Backend> moved = new HashSet<>();
        for (int slot = 0; slot < backends.size(); slot++) {
            if (slot >= others.size() || !others.get(slot).equals(backends.get(slot))) {
                moved.add(backends.get(slot));
            }
        }
        return moved;
    }

    private static NftKey slotKey(SlotsKey at, int slot) {
        return new ElementKey(
                at.frontend.family(), at.maps.backends(), at.frontend.bytes().andHost32(slot));
    }

    private static NftKey affineKey(SlotsKey at, Backend backend) {
        return new ElementKey(
                at.frontend.family(),
                at.maps.affine(),
                Bytes.concatenate(at.frontend.bytes(), FrontendKey.bytes(backend)));
    }
}
