package fyr.compiler.service.nft;

import fyr.compiler.feature.StableHash;
import fyr.compiler.service.Backend;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which endpoint is in which slot: a function of the endpoints alone, by which one endpoint more or less changes few slots.
 *
 * <p>Endpoints with a slot each are in ascending order. More are spread as Maglev does it (Eisenbud et al., NSDI 2016, section 3.4): each
 * prefers the slots in an order of its own, and in turns each takes the first one that is free. So each has its share, to one slot, and when
 * one of a thousand goes, some sixty of 8192 slots change; dealt out by counting, nearly all would. There the number of slots is prime, so
 * that steps of any length come to all of them; here it is a power of two, and steps are odd.
 */
final class Slots {

    private static final int NOBODY = -1;

    private final int[] owners;

    private Slots(int slots) {
        owners = new int[slots];
        Arrays.fill(owners, NOBODY);
    }

    /** The endpoint of each slot. The endpoints are at least one, and ascend. */
    static List<Backend> of(List<Backend> backends) {
        int slots = ServiceTier.slots(backends.size());
        return slots == backends.size() ? backends : new Slots(slots).spread(backends);
    }

    private List<Backend> spread(List<Backend> backends) {
        List<Preference> preferences = backends.stream().map(Preference::new).toList();
        for (int turn = 0; turn < owners.length; turn++) {
            int backend = turn % backends.size();
            owners[preferences.get(backend).firstFree()] = backend;
        }
        return IntStream.of(owners).mapToObj(backends::get).toList();
    }

    /** An order of all slots; what was passed over is never free again. */
    private final class Preference {
        private final int step;
        private int slot;

        Preference(Backend backend) {
            long hash = StableHash.hash(backend.toString());
            step = (int) (hash >>> 32) | 1;
            slot = within((int) hash);
        }

        int firstFree() {
            while (owners[slot] != NOBODY) {
                slot = within(slot + step);
            }
            return slot;
        }

        private int within(int number) {
            return number & (owners.length - 1);
        }
    }
}
