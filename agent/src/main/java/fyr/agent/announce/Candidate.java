package fyr.agent.announce;

import fyr.model.address.IpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The addresses that this node claims, and what it was granted. It holds an address while most of the address's voters grant it. */
final class Candidate {

    private final Map<IpAddress, Campaign> campaigns = new HashMap<>();

    /** How long each voter's grant holds. */
    private record Campaign(Set<String> voters, Map<String, Long> until) {

        boolean isWon(long now) {
            return until.values().stream().filter(end -> now - end < 0).count() * 2 > voters.size();
        }
    }

    /** Claims exactly these addresses from now on, of these voters. */
    void claim(Map<IpAddress, List<String>> voters) {
        campaigns.keySet().retainAll(voters.keySet());
        voters.forEach((address, names) -> {
            Campaign before = campaigns.get(address);
            Set<String> all = Set.copyOf(names);
            if (before == null || !before.voters().equals(all)) {
                Map<String, Long> until = before == null ? new HashMap<>() : before.until();
                until.keySet().retainAll(all);
                campaigns.put(address, new Campaign(all, until));
            }
        });
    }

    /** The addresses that are claimed. */
    Collection<IpAddress> claimed() {
        return campaigns.keySet();
    }

    Set<String> voters(IpAddress address) {
        return campaigns.get(address) instanceof Campaign one ? one.voters() : Set.of();
    }

    /** A voter has granted what was claimed at that time of this node's clock. */
    void granted(String voter, Collection<IpAddress> addresses, long sentAt) {
        long end = sentAt + Timing.HOLD - Timing.MARGIN;
        for (IpAddress address : addresses) {
            Campaign campaign = campaigns.get(address);
            if (campaign != null && campaign.voters().contains(voter)) {
                campaign.until().merge(voter, end, (a, b) -> a - b > 0 ? a : b);
            }
        }
    }

    /** Whether this node may answer for the address. */
    boolean holds(IpAddress address, long now) {
        Campaign campaign = campaigns.get(address);
        return campaign != null && campaign.isWon(now);
    }

    /** All addresses that this node may answer for. */
    Set<IpAddress> held(long now) {
        Set<IpAddress> held = new HashSet<>();
        campaigns.forEach((address, campaign) -> {
            if (campaign.isWon(now)) {
                held.add(address);
            }
        });
        return held;
    }
}
