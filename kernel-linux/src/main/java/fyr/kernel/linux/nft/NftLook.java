package fyr.kernel.linux.nft;

import static fyr.kernel.linux.nft.NfTables.NFGENMSG;
import static fyr.kernel.linux.nft.NfTables.NFTA_SET_ELEM_LIST_ELEMENTS;

import fyr.kernel.TableLook;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads both of our tables in steps of about a millisecond, on a socket of its own: first the structure, then each set as the kernel lists
 * it. Of elements that are as expected only a {@link Tally} is kept. If the tally of a set differs from the expected one (it also does if
 * the set was changed during the listing, which the kernel does not report: nf_tables_dump_set), each of its expected elements is requested
 * by its key: an element that is missing from a listing may exist all the same.
 */
final class NftLook implements TableLook<NftKey> {

    /** Requests, or entries to count, between two checks of the clock. */
    private static final int STEP = 512;

    /**
     * A part of a listing has hundreds of elements, except the first and the last; after this many short ones in a row, the listing is at
     * its end.
     */
    private static final int SHORT = 32;

    private static final int SHORT_PARTS = 3;

    private final NetlinkSocket socket;
    private final PersistentMap<NftKey, NftObject> expected;
    private final Map<NftKey.SetKey, Tally> wanted = new HashMap<>();
    private final Map<NftKey.SetKey, Tally> found = new HashMap<>();
    private final Deque<Stage> stages = new ArrayDeque<>();
    private SortedMap<NftKey, NftObject> structure = new TreeMap<>();

    NftLook(NetlinkSocket socket, PersistentMap<NftKey, NftObject> expected) {
        this.socket = socket;
        this.expected = expected;
        stages.add(this::readStructure);
        stages.add(new Count());
    }

    /** A part of the look, made in steps. */
    private interface Stage {
        /** Makes one step; returns whether there is another. */
        boolean step(Consumer<? super NftKey> doubtful);
    }

    @Override
    public boolean proceed(long nanoseconds, Consumer<? super NftKey> doubtful) {
        long end = System.nanoTime() + nanoseconds;
        do {
            if (!stages.element().step(doubtful)) {
                stages.remove();
            }
        } while (!stages.isEmpty() && System.nanoTime() - end < 0);
        return !stages.isEmpty();
    }

    private boolean readStructure(Consumer<? super NftKey> doubtful) {
        structure = Listing.structure(socket);
        structure.forEach((key, object) -> {
            if (!expected.get(key).equals(Optional.of(object))) {
                doubtful.accept(key);
            }
            if (key instanceof NftKey.SetKey set && object instanceof NftObject.Set type) {
                stages.add(Ranges.areSplit(type) ? each -> intervals(set, type, each) : new Listed(set, type));
            }
        });
        stages.add(new Missing());
        return false;
    }

    /** Counts what is expected, and finds missing parts of the structure. */
    private final class Count implements Stage {

        private final Iterator<Map.Entry<NftKey, NftObject>> entries = expected.iterator();

        @Override
        public boolean step(Consumer<? super NftKey> doubtful) {
            for (int i = 0; i < STEP && entries.hasNext(); i++) {
                NftKey key = entries.next().getKey();
                if (key instanceof NftKey.ElementKey element) {
                    tally(wanted, set(element)).add(element);
                } else if (!structure.containsKey(key)) {
                    doubtful.accept(key);
                }
            }
            return entries.hasNext();
        }
    }

    private static NftKey.SetKey set(NftKey.ElementKey element) {
        return new NftKey.SetKey(element.family(), element.set());
    }

    private static Tally tally(Map<NftKey.SetKey, Tally> tallies, NftKey.SetKey set) {
        return tallies.computeIfAbsent(set, _ -> new Tally());
    }

    private void compare(NftKey.SetKey set, Map<NftKey, NftObject> elements, Consumer<? super NftKey> doubtful) {
        elements.forEach((key, object) -> {
            if (expected.get(key).equals(Optional.of(object)) && key instanceof NftKey.ElementKey element) {
                tally(found, set).add(element);
            } else {
                doubtful.accept(key);
            }
        });
    }

    /** The ends of intervals are known only when all elements are. */
    private boolean intervals(NftKey.SetKey set, NftObject.Set type, Consumer<? super NftKey> doubtful) {
        compare(set, Listing.intervals(socket, set, type), doubtful);
        return false;
    }

    /**
     * Reads one set as the kernel lists it. The kernel ends a listing when it has gone through the whole set and found nothing new since
     * the previous part (nf_tables_dump_set). If a set grows again and again, the kernel would list the newest elements for ever, one by
     * one.
     */
    private final class Listed implements Stage {

        private final NftKey.SetKey set;
        private final NftObject.Set type;
        private Optional<NetlinkSocket.Listing> listing = Optional.empty();
        private int shortParts;

        Listed(NftKey.SetKey set, NftObject.Set type) {
            this.set = set;
            this.type = type;
        }

        @Override
        public boolean step(Consumer<? super NftKey> doubtful) {
            ElementReader reader = new ElementReader(set, type);
            NetlinkSocket.Listing under =
                    listing.orElseGet(() -> socket.begin("NFT_MSG_GETSETELEM " + set, Messages.listElements(set)));
            listing = Optional.of(under);
            boolean more = under.next(message -> message.attributes(NFGENMSG)
                    .nested(NFTA_SET_ELEM_LIST_ELEMENTS)
                    .forEach(element -> reader.add(element.nested())));
            Map<NftKey, NftObject> part = reader.elements();
            compare(set, part, doubtful);
            shortParts = part.size() < SHORT ? shortParts + 1 : 0;
            return more && shortParts < SHORT_PARTS;
        }
    }

    /** Requests the elements of sets that were incomplete in the listing. */
    private final class Missing implements Stage {

        private final Iterator<Map.Entry<NftKey, NftObject>> entries = expected.iterator();

        @Override
        public boolean step(Consumer<? super NftKey> doubtful) {
            if (wanted.entrySet().stream().allMatch(set -> set.getValue().equals(found.get(set.getKey())))) {
                return false;
            }
            List<NftKey.ElementKey> some = new ArrayList<>();
            for (int i = 0; i < STEP && entries.hasNext(); i++) {
                if (entries.next().getKey() instanceof NftKey.ElementKey element && isIncomplete(set(element))) {
                    some.add(element);
                }
            }
            Map<NftKey, NftObject> there = Elements.read(socket, some, structure);
            some.stream()
                    .filter(key -> !expected.get(key).equals(Optional.ofNullable(there.get(key))))
                    .forEach(doubtful);
            return entries.hasNext();
        }

        private boolean isIncomplete(NftKey.SetKey set) {
            return !tally(wanted, set).equals(tally(found, set));
        }
    }
}
