package fyr.bgp.interop;

import fyr.bgp.message.Role;
import java.util.List;
import java.util.Optional;

/**
 * What a router is to do, in no router's language.
 *
 * @param restartTime seconds that its routes are to be kept while it restarts; 0 without graceful restart
 */
record Plan(long as, int restartTime, List<Announced> routes, List<Session> sessions) {

    /**
     * What the router announces.
     *
     * @param communities as 1:2
     * @param large as 1:2:3
     * @param targets route targets, as 1:2
     */
    record Announced(String prefix, List<String> communities, List<String> large, List<String> targets) {

        boolean isIpv6() {
            return prefix.contains(":");
        }
    }

    /**
     * One session of the router.
     *
     * @param address of the neighbour, link-local ones as fe80::1%eth0
     * @param limit the most prefixes of each family that it takes; 0 without limit
     * @param extendedNextHop whether IPv4 destinations have IPv6 next hops
     */
    record Session(
            String address,
            long as,
            int holdTime,
            boolean addPath,
            boolean client,
            boolean passive,
            int limit,
            boolean extendedNextHop,
            Optional<Role> role) {

        boolean isIpv6() {
            return address.contains(":");
        }

        Session withHoldTime(int seconds) {
            return new Session(address, as, seconds, addPath, client, passive, limit, extendedNextHop, role);
        }

        Session withAddPath() {
            return new Session(address, as, holdTime, true, client, passive, limit, extendedNextHop, role);
        }

        Session withClient() {
            return new Session(address, as, holdTime, addPath, true, passive, limit, extendedNextHop, role);
        }

        Session withPassive() {
            return new Session(address, as, holdTime, addPath, client, true, limit, extendedNextHop, role);
        }

        Session withLimit(int most) {
            return new Session(address, as, holdTime, addPath, client, passive, most, extendedNextHop, role);
        }

        Session withExtendedNextHop() {
            return new Session(address, as, holdTime, addPath, client, passive, limit, true, role);
        }

        Session withRole(Role own) {
            return new Session(
                    address, as, holdTime, addPath, client, passive, limit, extendedNextHop, Optional.of(own));
        }
    }

    /** A session with nothing special. */
    static Session with(Object address, long as) {
        return new Session(address.toString(), as, 9, false, false, false, 0, false, Optional.empty());
    }

    static Plan of(long as, Session... sessions) {
        return new Plan(as, 0, List.of(), List.of(sessions));
    }

    Plan announcing(String... prefixes) {
        List<Announced> all = java.util.Arrays.stream(prefixes)
                .map(prefix -> new Announced(prefix, List.of(), List.of(), List.of()))
                .toList();
        return new Plan(as, restartTime, all, sessions);
    }

    Plan announcing(Announced route) {
        return new Plan(as, restartTime, List.of(route), sessions);
    }

    Plan graceful(int seconds) {
        return new Plan(as, seconds, routes, sessions);
    }
}
