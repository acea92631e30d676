package fyr.compiler.policy;

import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which addresses have which identities, and how many addresses keep an identity in use.
 *
 * @param contributions all pods that have an address of their own. One that matches no term counts too: where another one says to have its
 *     address, that one's labels must not hold for it
 * @param owners who says to have an address, the first by name
 * @param rivals who else says so. There are some only for a moment, and then the address matches what all do: the labels of one that is
 *     gone must open nothing to its successor
 * @param speakers of addresses whose pod is known for certain, the only one that counts among those who say to have it, or nobody
 * @param uses identities in use
 * @param preferred how many identities would like a number; with more than one, numbers depend on each other
 * @param objects all elements, and whatever else was in the tables before
 */
record PeerTable(
        PersistentMap<NamespacedName, Contribution> contributions,
        PersistentMap<IpAddress, NamespacedName> owners,
        PersistentMap<IpAddress, List<NamespacedName>> rivals,
        Map<IpAddress, Optional<NamespacedName>> speakers,
        PersistentMap<Identity, Use> uses,
        PersistentMap<Preferred, Integer> preferred,
        PersistentMap<NftKey, NftObject> objects) {

    /** A pod's share: what it matches, which may be nothing, and where. */
    record Contribution(Optional<Match> match, List<IpAddress> addresses) {}

    /** A match in one family; each family has its own numbers and elements. */
    record Identity(Family family, Match match) {}

    /** The number of an identity and how many addresses and intervals have it. */
    record Use(int number, int count) {}

    /** A number that identities would like. */
    record Preferred(Family family, int number) {}

    static PeerTable empty(PersistentMap<NftKey, NftObject> objects) {
        return new PeerTable(
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                Map.of(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                objects);
    }
}
