package fyr.compiler.policy;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
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

/** Makes a new {@link PeerTable} from an old one. Once {@link #entangled}, only the identities of the result are of use. */
final class PeerTableChange {

    private static final NftObject PRESENT = new NftObject.Element(Optional.empty(), new NftData.None());

    private final Allowances allowances;
    private final Allowances.Part all;
    private final int mask;
    private final Map<PeerTable.Identity, Integer> assigned;
    private PersistentMap<NamespacedName, PeerTable.Contribution> contributions;
    private PersistentMap<IpAddress, NamespacedName> owners;
    private PersistentMap<IpAddress, List<NamespacedName>> rivals;
    private Map<IpAddress, Optional<NamespacedName>> speakers;
    private PersistentMap<PeerTable.Identity, PeerTable.Use> uses;
    private PersistentMap<PeerTable.Preferred, Integer> preferred;
    private PersistentMap<NftKey, NftObject> objects;
    private boolean entangled;

    /**
     * A change to a table.
     *
     * @param mask the bits of a hash that form a number; all bits, except in tests that force numbers to collide
     * @param assigned numbers that are already decided; if empty, identities get those they prefer
     */
    PeerTableChange(PeerTable table, Allowances allowances, int mask, Map<PeerTable.Identity, Integer> assigned) {
        this.allowances = allowances;
        this.all = allowances.all();
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
    boolean entangled() {
        return entangled;
    }

    /** Removes the elements of groups that are gone, and adds those of new groups. Terms and ports must be unchanged. */
    void regroup(Allowances before) {
        Allowances.Part gone = before.missingFrom(allowances);
        Allowances.Part come = allowances.missingFrom(before);
        for (Family family : Family.values()) {
            before.everyone(family, gone, key -> objects = objects.without(key));
            allowances.everyone(family, come, key -> objects = objects.with(key, PRESENT));
        }
        uses.forEach((identity, use) -> {
            Family family = identity.family();
            before.identity(family, use.number(), identity.match(), gone, key -> objects = objects.without(key));
            allowances.identity(
                    family, use.number(), identity.match(), come, key -> objects = objects.with(key, PRESENT));
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

    /** What an address matches: what all claimants that count match; nothing if one of them matches nothing. */
    private Optional<Match> match(IpAddress address) {
        return claimants(address)
                .filter(name ->
                        !speakers.containsKey(address) || Optional.of(name).equals(speakers.get(address)))
                .map(name -> contributions.get(name).flatMap(PeerTable.Contribution::match))
                .reduce((left, right) ->
                        left.flatMap(one -> right.flatMap(other -> one.intersection(allowances.terms(), other))))
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
        entangled |= rivals > 1 && assigned.isEmpty();
        int number = assigned.getOrDefault(identity, preferred(identity));
        allowances.identity(
                identity.family(), number, identity.match(), all, key -> objects = objects.with(key, PRESENT));
        return number;
    }

    private void release(PeerTable.Identity identity) {
        PeerTable.Use use = uses.get(identity).orElseThrow();
        if (use.count() > 1) {
            uses = uses.with(identity, new PeerTable.Use(use.number(), use.count() - 1));
            return;
        }
        uses = uses.without(identity);
        entangled |= rivals(identity, -1) > 0;
        allowances.identity(
                identity.family(), use.number(), identity.match(), all, key -> objects = objects.without(key));
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
