package fyr.agent.announce;

import fyr.agent.announce.Heartbeat.Claim;
import fyr.agent.balancer.Rendezvous;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Grants addresses to nodes that claim them, each to one node at a time. A node that holds the grants of most voters of an address may answer
 * for it. A new voter does not know what an earlier process on its node has granted, so it grants nothing before that has expired.
 */
final class Voter {

    private final long silentUntil;
    private final Map<IpAddress, Ballot> ballots = new HashMap<>();

    /** What is known of one address. */
    private static final class Ballot {
        private String holder = "";
        private long until;
        private final Map<String, Claimant> claimants = new HashMap<>();
    }

    /** A node that claims an address, from when on without a pause, and when it was last heard. */
    private record Claimant(long since, long last) {}

    Voter(long startedAt) {
        silentUntil = startedAt + Timing.HOLD;
    }

    /** Forgets addresses that nobody needs; only these can be claimed. */
    void know(Set<IpAddress> addresses) {
        ballots.keySet().retainAll(addresses);
        addresses.forEach(address -> ballots.computeIfAbsent(address, _ -> new Ballot()));
    }

    /** What is granted of a node's claims. */
    List<IpAddress> claim(String from, List<Claim> claims, long now) {
        List<IpAddress> granted = new ArrayList<>();
        for (Claim claim : claims) {
            Ballot ballot = ballots.get(claim.address());
            if (ballot != null && isGranted(ballot, from, claim, now)) {
                granted.add(claim.address());
            }
        }
        return granted;
    }

    private boolean isGranted(Ballot ballot, String from, Claim claim, long now) {
        Claimant before = ballot.claimants.get(from);
        long since = before != null && now - before.last() <= Timing.FRESH ? before.since() : now;
        ballot.claimants.put(from, new Claimant(since, now));
        ballot.claimants.values().removeIf(other -> now - other.last() > Timing.STEADY);
        boolean bound = !ballot.holder.isEmpty() && now - ballot.until < 0;
        if (now - silentUntil < 0 || bound && !ballot.holder.equals(from)) {
            return false;
        }
        if (!(bound ? mayKeep(ballot, from, claim, now) : mayGet(ballot, from, claim, now))) {
            return false;
        }
        ballot.holder = from;
        ballot.until = now + Timing.HOLD;
        return true;
    }

    /** A node keeps its grant unless a better one is there for good, or is there at all while this node holds too few grants anyway. */
    private static boolean mayKeep(Ballot ballot, String from, Claim claim, long now) {
        Optional<Claimant> better = better(ballot, from, claim.address(), now);
        return better.isEmpty() || claim.held() && now - better.get().since() < Timing.STEADY;
    }

    private static boolean mayGet(Ballot ballot, String from, Claim claim, long now) {
        long first = ballot.claimants.values().stream()
                .mapToLong(one -> one.since() - now)
                .min()
                .orElse(0);
        boolean settled = !ballot.holder.isEmpty() || -first >= Timing.SETTLE;
        return settled && better(ballot, from, claim.address(), now).isEmpty();
    }

    /** A node that claims the address too and comes before this one in the order of the address. */
    private static Optional<Claimant> better(Ballot ballot, String from, IpAddress address, long now) {
        return ballot.claimants.entrySet().stream()
                .filter(other -> !other.getKey().equals(from)
                        && now - other.getValue().last() <= Timing.FRESH
                        && Rendezvous.isBefore(address.toString(), other.getKey(), from))
                .map(Map.Entry::getValue)
                .min((a, b) -> Long.signum(a.since() - b.since()));
    }
}
