package fyr.kernel.linux.nft;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.kernel.TableId;
import fyr.kernel.TableLook;
import fyr.kernel.Tables;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.text.NftText;
import fyr.model.address.Family;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Our two nf_tables tables, {@code ip fyr} and {@code ip6 fyr}.
 *
 * <p>A delta is one transaction: packets see all of it or nothing. It is sent without reading the current state first, and errors of the
 * kernel tell about the rare conflict: an element that exists with another value is deleted and added in one transaction, missing objects
 * are not deleted, and the transaction is sent again. Where that cannot help (a set of another type, a chain at another hook) the table is
 * read, and deleted and rebuilt as it should be in one transaction, which is bound to the generation that was read: if anybody changed
 * anything since then, it is refused and everything starts again.
 *
 * <p>A delta that does not fit the socket's send buffer is split into several transactions (see {@link Changes} for their order), which
 * happens only without CAP_NET_ADMIN in the first user namespace.
 */
public final class NftTable implements KernelTable<NftKey, NftObject>, AutoCloseable {

    private static final int ATTEMPTS = 20;

    /** Buffer size for the transaction of a first load: 50,000 services of two endpoints are 12 MB. Nothing is reserved. */
    private static final int BUFFER = 64 << 20;

    private final NetlinkSocket socket;

    /** For looks, whose listings continue between other exchanges. */
    private final NetlinkSocket aside;

    private final Transactions transactions;
    private final Known known = new Known();
    private boolean listed;
    private volatile Runnable rebuilt = () -> {};

    private NftTable(NetlinkSocket socket, NetlinkSocket aside) {
        this.socket = socket;
        this.aside = aside;
        this.transactions = new Transactions(socket);
    }

    /** Opens the tables of the calling thread's network namespace; they need not exist. */
    public static NftTable open() {
        return open(BUFFER);
    }

    /** With buffers for transactions of so many bytes, or of twice as many, as the kernel counts it. */
    static NftTable open(int bufferBytes) {
        NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_NETFILTER, bufferBytes);
        try {
            return new NftTable(socket, NetlinkSocket.open(Netlink.NETLINK_NETFILTER));
        } catch (RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    /** The port of the socket that all changes are made through. */
    OptionalInt port() {
        return OptionalInt.of(socket.port());
    }

    /** Sets what to do after the tables were rebuilt: they must be read again, because the rebuild may have lost something. */
    void whenRebuilt(Runnable action) {
        rebuilt = action;
    }

    @Override
    public TableId<NftKey, NftObject> id() {
        return Tables.NFT;
    }

    @Override
    public String describe(NftKey key, PersistentMap<NftKey, NftObject> contents) {
        return new NftText(contents::get).name(key);
    }

    @Override
    public synchronized SortedMap<NftKey, NftObject> list() {
        return Collections.unmodifiableSortedMap(snapshot().objects());
    }

    @Override
    public synchronized SortedMap<NftKey, NftObject> read(SortedSet<NftKey> keys) {
        SortedMap<NftKey, NftObject> structure = Listing.structure(socket);
        List<NftKey.ElementKey> elements = new ArrayList<>();
        keys.forEach(key -> {
            if (key instanceof NftKey.ElementKey element) {
                elements.add(element);
            }
        });
        SortedMap<NftKey, NftObject> present = new TreeMap<>(structure);
        present.keySet().retainAll(keys);
        present.putAll(Elements.read(socket, elements, structure));
        known.learn(keys, present);
        return present;
    }

    @Override
    public Optional<Predicate<NftKey>> lostWith(NftKey container, Optional<NftObject> found) {
        return switch (container) {
            case NftKey.TableKey(Family family)
            when found.isEmpty() -> Optional.of(key -> key.family() == family && !(key instanceof NftKey.TableKey));
            case NftKey.SetKey(Family family, String name) ->
                Optional.of(key ->
                        key instanceof NftKey.ElementKey(var of, var set, var _) && of == family && set.equals(name));
            case NftKey.TableKey _, NftKey.ChainKey _, NftKey.ElementKey _ -> Optional.empty();
        };
    }

    @Override
    public Optional<TableLook<NftKey>> look(PersistentMap<NftKey, NftObject> expected) {
        return Optional.of(new NftLook(aside, expected));
    }

    /** A listing and the number of the transaction that it follows. */
    private record Snapshot(int generation, SortedMap<NftKey, NftObject> objects) {}

    private Snapshot snapshot() {
        Optional<KernelException> latest = Optional.empty();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int generation = transactions.generation();
            try {
                SortedMap<NftKey, NftObject> objects = Listing.read(socket);
                if (generation == transactions.generation()) {
                    known.learn(objects);
                    listed = true;
                    return new Snapshot(generation, objects);
                }
            } catch (KernelException gone) {
                // A table or set may be deleted between two of the dumps.
                if (!gone.errno().equals(Errno.ENOENT)) {
                    throw gone;
                }
                latest = Optional.of(gone);
            }
        }
        throw inVain("listing nf_tables", "changed by others", latest);
    }

    @Override
    public synchronized void apply(Delta<NftKey, NftObject> delta) {
        if (delta.isEmpty()) {
            return;
        }
        if (!listed) {
            snapshot();
        }
        if (known.isInTheWay(delta)) {
            rebuild(delta);
            return;
        }
        Corrections corrections = new Corrections(delta, known);
        Optional<KernelException> latest = Optional.empty();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<Refusal> refusals = commit(corrections.changes());
            if (refusals.isEmpty()) {
                known.learn(delta);
                return;
            }
            latest = Optional.of(refusals.getFirst().toException());
            switch (corrections.learn(refusals)) {
                case CORRECTED -> {}
                case LIST -> corrections.learn(read(delta));
                case REBUILD -> {
                    rebuild(delta);
                    return;
                }
                case HOPELESS -> throw latest.get();
            }
        }
        throw inVain("changing nf_tables", "refused", latest);
    }

    private SortedMap<NftKey, NftObject> read(Delta<NftKey, NftObject> delta) {
        SortedSet<NftKey> keys = new TreeSet<>(delta.upserts().keySet());
        keys.addAll(delta.deletes());
        return read(keys);
    }

    private List<Refusal> commit(Changes changes) {
        List<Step> steps = changes.steps(known);
        return steps.isEmpty() ? List.of() : transactions.commit(steps, OptionalInt.empty());
    }

    /** Deletes the tables that the delta affects and creates them again, with their contents and the delta, in one transaction. */
    private void rebuild(Delta<NftKey, NftObject> delta) {
        Optional<KernelException> latest = Optional.empty();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Snapshot snapshot = snapshot();
            Delta<NftKey, NftObject> whole = Rebuild.whole(snapshot.objects(), delta);
            List<Step> steps = new ArrayList<>(Rebuild.steps(snapshot.objects(), whole));
            steps.addAll(Memories.steps(socket, snapshot.objects(), whole.upserts()));
            try {
                List<Refusal> refusals = transactions.commit(steps, OptionalInt.of(snapshot.generation()));
                if (!refusals.isEmpty()) {
                    throw refusals.getFirst().toException();
                }
                known.learn(delta);
                rebuilt.run();
                return;
            } catch (KernelException outdated) {
                if (!outdated.errno().equals(Errno.ERESTART)) {
                    throw outdated;
                }
                latest = Optional.of(outdated);
            }
        }
        throw inVain("rebuilding nf_tables", "changed by others", latest);
    }

    private static KernelException inVain(String operation, String what, Optional<KernelException> latest) {
        String last =
                latest.map(refusal -> ", at last: " + refusal.getMessage()).orElse("");
        return KernelException.unasked(operation, Errno.EAGAIN, what + " " + ATTEMPTS + " times" + last);
    }

    @Override
    public synchronized void close() {
        aside.close();
        socket.close();
    }
}
