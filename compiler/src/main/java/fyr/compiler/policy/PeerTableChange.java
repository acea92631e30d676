package fyr.compiler.policy;

import fyr.compiler.policy.number.Numbers;
import fyr.compiler.policy.peers.Blocks;
import fyr.compiler.policy.peers.Match;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Makes a new {@link PeerTable} from an old one. Once {@link #hasCollision}, only the identities of the result are of use. */
final class PeerTableChange {

    private final Decisions decisions;
    private final Decisions.Part all;
    private final Blocks blocks;
    private final int mask;
    private final Map<PeerTable.Identity, Integer> assigned;
    private PersistentMap<NamespacedName, PeerTable.Contribution> contributions;
    private PersistentMap<IpAddress, NamespacedName> owners;
    private PersistentMap<IpAddress, List<NamespacedName>> rivals;
    private Map<IpAddress, Optional<NamespacedName>> speakers;
    private PersistentMap<PeerTable.Identity, PeerTable.Use> uses;
    private PersistentMap<PeerTable.Preferred, Integer> preferred;
    private PersistentMap<NftKey, NftObject> objects;
    private boolean collision;

    /**
     * A change to a table.
     *
     * @param mask the bits of a hash that form a number; all bits, except in tests that force numbers to collide
     * @param assigned numbers that are already decided; if empty, identities get those they prefer
     */
    PeerTableChange(
            PeerTable table, Decisions decisions, Blocks blocks, int mask, Map<PeerTable.Identity, Integer> assigned) {
        this.decisions = decisions;
        this.all = decisions.all();
        this.blocks = blocks;
        this.mask = mask;
        this.assigned = assigned;
        this.contributions = table.contributions();
        this.owners = table.owners();
        this.rivals = table.rivals();
        this.speakers = table.speakers();
        this.uses = table.uses();
        this.preferred = table.preferred();
        this.objects = table.objects();
    }

    PeerTable result() {
        return new PeerTable(contributions, owners, rivals, speakers, uses, preferred, objects);
    }

    /** Whether two identities prefer the same number, so that all identities must be considered to decide who gets it. */
    boolean hasCollision() {
        return collision;
    }

    /** Removes the elements of groups that are gone, and adds those of new groups. Terms and ports must be unchanged. */
    void regroup(Decisions before) {
        Decisions.Part gone = before.missingFrom(decisions);
        Decisions.Part come = decisions.missingFrom(before);
        for (Family family : Family.values()) {
            before.everyone(family, gone, this::remove);
            decisions.everyone(family, come, this::put);
        }
        uses.forEach((identity, use) -> {
            Family family = identity.family();
            before.identity(family, use.number(), identity.match(), gone, this::remove);
            decisions.identity(family, use.number(), identity.match(), come, this::put);
        });
    }

    void block(Family family, Blocks.Interval interval) {
        int number = acquire(new PeerTable.Identity(family, interval.match()));
        objects = objects.with(
                new NftKey.ElementKey(
                        family, PolicyNames.BLOCKS, Bytes.of(interval.first().toBytes())),
                new NftObject.Element(Optional.of(Bytes.of(interval.last().toBytes())), Judgement.value(number)));
    }

    /** Sets which pods are certain to have their addresses. */
    void speakers(Map<IpAddress, Optional<NamespacedName>> now) {
        Set<IpAddress> all = new LinkedHashSet<>(speakers.keySet());
        all.addAll(now.keySet());
        all.removeIf(address -> Objects.equals(speakers.get(address), now.get(address)));
        Map<IpAddress, Optional<Match>> touched = new LinkedHashMap<>();
        all.forEach(address -> touched.put(address, match(address)));
        speakers = now;
        touched.forEach((address, was) -> identify(address, was, match(address)));
    }

    /** Sets a pod's contribution, or that it no longer has one. */
    void pod(NamespacedName name, Optional<PeerTable.Contribution> now) {
        Optional<PeerTable.Contribution> before = contributions.get(name);
        if (before.equals(now)) {
            return;
        }
        Map<IpAddress, Optional<Match>> touched = new LinkedHashMap<>();
        Stream.concat(before.stream(), now.stream())
                .flatMap(contribution -> contribution.addresses().stream())
                .forEach(address -> touched.computeIfAbsent(address, this::match));
        before.ifPresent(contribution -> contribution.addresses().forEach(address -> disown(address, name)));
        contributions = now.isPresent() ? contributions.with(name, now.get()) : contributions.without(name);
        now.ifPresent(contribution -> contribution.addresses().forEach(address -> own(address, name)));
        touched.forEach((address, was) -> identify(address, was, match(address)));
    }

    private void put(NftKey key, NftObject object) {
        objects = objects.with(key, object);
    }

    private void remove(NftKey key, NftObject object) {
        objects = objects.without(key);
    }

    /** What an address matches. Where the order of rules counts, the blocks that it is in are part of that. */
    private Optional<Match> match(IpAddress address) {
        Optional<Match> pod = pod(address);
        return decisions.terms().ordered()
                ? pod.flatMap(match -> match.at(decisions.terms(), blocks.at(address)))
                : pod;
    }

    /** What all claimants that count match; nothing if one of them matches nothing. */
    private Optional<Match> pod(IpAddress address) {
        if (decisions.terms().suspicious()
                && speakers.containsKey(address)
                && Optional.empty().equals(speakers.get(address))) {
            return Optional.of(Match.unknown(decisions.terms()));
        }
        return claimants(address)
                .filter(name ->
                        !speakers.containsKey(address) || Optional.of(name).equals(speakers.get(address)))
                .map(name -> contributions.get(name).flatMap(PeerTable.Contribution::match))
                .reduce((left, right) ->
                        left.flatMap(one -> right.flatMap(other -> one.intersection(decisions.terms(), other))))
                .flatMap(match -> match);
    }

    private Stream<NamespacedName> claimants(IpAddress address) {
        return Stream.concat(
                owners.get(address).stream(), rivals.get(address).stream().flatMap(List::stream));
    }

    private void own(IpAddress address, NamespacedName name) {
        if (owners.containsKey(address)) {
            claim(
                    address,
                    Stream.concat(claimants(address), Stream.of(name))
                            .distinct()
                            .sorted()
                            .toList());
        } else {
            owners = owners.with(address, name);
        }
    }

    private void disown(IpAddress address, NamespacedName name) {
        claim(
                address,
                claimants(address).filter(claimant -> !claimant.equals(name)).toList());
    }

    /** Nearly all addresses have one claimant, for whom a separate list would cost more than the rest of the entry. */
    private void claim(IpAddress address, List<NamespacedName> names) {
        owners = names.isEmpty() ? owners.without(address) : owners.with(address, names.getFirst());
        rivals = names.size() < 2 ? rivals.without(address) : rivals.with(address, names.subList(1, names.size()));
    }

    private void identify(IpAddress address, Optional<Match> was, Optional<Match> is) {
        if (was.equals(is)) {
            return;
        }
        Family family = address.family();
        NftKey key = new NftKey.ElementKey(family, PolicyNames.PODS, Bytes.of(address.toBytes()));
        if (is.isPresent()) {
            int number = acquire(new PeerTable.Identity(family, is.get()));
            objects = objects.with(key, new NftObject.Element(Optional.empty(), Judgement.value(number)));
        } else {
            objects = objects.without(key);
        }
        was.ifPresent(match -> release(new PeerTable.Identity(family, match)));
    }

    private int acquire(PeerTable.Identity identity) {
        Optional<PeerTable.Use> use = uses.get(identity);
        int number = use.map(PeerTable.Use::number).orElseGet(() -> begin(identity));
        uses = uses.with(
                identity,
                new PeerTable.Use(number, 1 + use.map(PeerTable.Use::count).orElse(0)));
        return number;
    }

    private int begin(PeerTable.Identity identity) {
        int rivals = rivals(identity, 1);
        collision |= rivals > 1 && assigned.isEmpty();
        int number = assigned.getOrDefault(identity, preferred(identity));
        if (!passing(identity)) {
            decisions.identity(identity.family(), number, identity.match(), all, this::put);
        }
        return number;
    }

    /**
     * Whether the identity is not in use any more in the end: that of an address whose other claimants are not known yet. Its number may be
     * that of another identity, which must keep its elements.
     */
    private boolean passing(PeerTable.Identity identity) {
        return !assigned.isEmpty() && !assigned.containsKey(identity);
    }

    private void release(PeerTable.Identity identity) {
        PeerTable.Use use = uses.get(identity).orElseThrow();
        if (use.count() > 1) {
            uses = uses.with(identity, new PeerTable.Use(use.number(), use.count() - 1));
            return;
        }
        uses = uses.without(identity);
        collision |= rivals(identity, -1) > 0;
        if (!passing(identity)) {
            decisions.identity(identity.family(), use.number(), identity.match(), all, this::remove);
        }
    }

    private int rivals(PeerTable.Identity identity, int more) {
        PeerTable.Preferred slot = new PeerTable.Preferred(identity.family(), preferred(identity));
        int rivals = preferred.get(slot).orElse(0) + more;
        preferred = rivals == 0 ? preferred.without(slot) : preferred.with(slot, rivals);
        return rivals;
    }

    private int preferred(PeerTable.Identity identity) {
        return Numbers.preferred(identity.match(), mask);
    }
}
