package fyr.compiler.policy;

import fyr.compiler.policy.peers.Match;
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
 * @param contributions all pods that have an address of their own. A pod that matches no term counts too: if another pod claims its
 *     address, the labels of that other pod must not apply to it
 * @param owners who claims an address, the first by name
 * @param rivals who else claims it. There are rivals only for a moment, and then the address matches what all of them match: the labels of
 *     a deleted pod must not allow anything to its successor
 * @param speakers for addresses whose pod is known for certain, the only claimant that counts, or nobody
 * @param uses identities in use
 * @param preferred how many identities prefer a number; with more than one, numbers depend on each other
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

    /** A pod's contribution: what it matches, which may be nothing, and at which addresses. */
    record Contribution(Optional<Match> match, List<IpAddress> addresses) {}

    /** A match in one family; each family has its own numbers and elements. */
    record Identity(Family family, Match match) {}

    /** The number of an identity and how many addresses and intervals have it. */
    record Use(int number, int count) {}

    /** A number that identities prefer. */
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
