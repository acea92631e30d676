package fyr.agent.announce;

import fyr.agent.announce.Heartbeat.Claim;
import fyr.agent.announce.Heartbeat.Claims;
import fyr.agent.announce.Heartbeat.Grants;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One node's part in the agreement on who answers for which address: it claims addresses, and votes on the claims of others. All times are of
 * this node's monotonic clock. Safe on any thread.
 */
final class Agreement {

    private final String self;
    private final long session;
    private final Voter voter;
    private final Candidate candidate = new Candidate();

    /** A datagram for another node. */
    record Outgoing(String to, Heartbeat message) {}

    /**
     * @param session a random number
     */
    Agreement(String self, long session, long now) {
        this.self = self;
        this.session = session;
        this.voter = new Voter(now);
    }

    /** Claims and votes on what these duties say, from now on. */
    synchronized void follow(Duties duties) {
        voter.know(duties.known());
        candidate.claim(duties.claims());
    }

    /** The claims to be sent now; to be called each {@link Timing#BEAT}. */
    synchronized List<Outgoing> beat(long now) {
        Map<String, List<Claim>> claims = new TreeMap<>();
        for (IpAddress address : candidate.claimed()) {
            Claim claim = new Claim(address, candidate.holds(address, now));
            candidate
                    .voters(address)
                    .forEach(one ->
                            claims.computeIfAbsent(one, _ -> new ArrayList<>()).add(claim));
        }
        List<Claim> own = Optional.ofNullable(claims.remove(self)).orElse(List.of());
        candidate.granted(self, voter.claim(self, own, now), now);
        List<Outgoing> all = new ArrayList<>();
        claims.forEach((to, some) -> {
            for (int from = 0; from < some.size(); from += Heartbeat.ADDRESSES_MAX) {
                int end = Math.min(some.size(), from + Heartbeat.ADDRESSES_MAX);
                all.add(new Outgoing(to, new Claims(session, now, some.subList(from, end))));
            }
        });
        return all;
    }

    /** Takes a datagram of another node; gives the answer, if it needs one. */
    synchronized Optional<Heartbeat> receive(String from, Heartbeat message, long now) {
        return switch (message) {
            case Claims(long of, long sentAt, List<Claim> claims) -> {
                List<IpAddress> granted = voter.claim(from, claims, now);
                yield granted.isEmpty() ? Optional.empty() : Optional.of(new Grants(of, sentAt, granted));
            }
            case Grants(long of, long sentAt, List<IpAddress> granted) -> {
                if (of == session && now - sentAt >= 0) {
                    candidate.granted(from, granted, sentAt);
                }
                yield Optional.empty();
            }
        };
    }

    /** Whether this node may answer for the address at this time. */
    synchronized boolean holds(IpAddress address, long now) {
        return candidate.holds(address, now);
    }

    /** All addresses that this node may answer for at this time. */
    synchronized Set<IpAddress> held(long now) {
        return candidate.held(now);
    }
}
