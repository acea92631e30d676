package fyr.testkit.contract;

import static fyr.kernel.Tables.ADDRESSES;
import static fyr.kernel.Tables.FDB;
import static fyr.kernel.Tables.LINKS;
import static fyr.kernel.Tables.NEIGHBOURS;
import static fyr.kernel.Tables.ROUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Errno;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a table of links does, and what goes with a link. */
public abstract class LinkTableContract extends KernelContract {

    private static final AddressKey ADDRESS4 = new AddressKey(TUNNEL4, ip("10.1.0.1"));
    private static final AddressKey ADDRESS6 = new AddressKey(TUNNEL4, ip("fd00:1::1"));
    private static final NeighbourKey NEIGHBOUR4 = new NeighbourKey(TUNNEL4, ip("10.1.0.2"));
    private static final NeighbourKey NEIGHBOUR6 = new NeighbourKey(TUNNEL4, ip("fd00:1::2"));
    private static final FdbKey FORWARDING = new FdbKey(TUNNEL4, PEER);

    /** Everything that can be on a link, and one route that is not on it. */
    private void fill() {
        put(ADDRESSES, Map.of(ADDRESS4, new InterfaceAddress(32), ADDRESS6, new InterfaceAddress(128)));
        put(NEIGHBOURS, Map.of(NEIGHBOUR4, new Neighbour(PEER), NEIGHBOUR6, new Neighbour(PEER)));
        put(FDB, Map.of(FORWARDING, new FdbEntry(ip("192.0.2.9"))));
        put(
                ROUTES,
                Map.of(
                        to("10.2.0.0/24"),
                        direct(TUNNEL4),
                        to("fd00:2::/64"),
                        direct(TUNNEL4),
                        to("10.9.0.0/24"),
                        new Route.Unreachable()));
    }

    private void assertFull() {
        assertThat(list(ADDRESSES)).containsOnlyKeys(ADDRESS4, ADDRESS6);
        assertThat(list(NEIGHBOURS)).containsOnlyKeys(NEIGHBOUR4, NEIGHBOUR6);
        assertThat(list(FDB)).containsOnlyKeys(FORWARDING);
        assertThat(list(ROUTES)).hasSize(3);
    }

    private void assertEmpty() {
        assertThat(list(ADDRESSES)).isEmpty();
        assertThat(list(NEIGHBOURS)).isEmpty();
        assertThat(list(FDB)).isEmpty();
        assertThat(list(ROUTES)).containsOnlyKeys(to("10.9.0.0/24"));
    }

    @Test
    void linksAreMadeAndDeleted() {
        assertThat(list(LINKS)).isEqualTo(Map.of(TUNNEL4, LINK4, TUNNEL6, LINK6));
        remove(LINKS, Set.of(TUNNEL4, ABSENT));
        assertThat(list(LINKS)).containsOnlyKeys(TUNNEL6);
    }

    @Test
    void aDeletedLinkTakesEverythingAlong() {
        fill();
        assertFull();
        remove(LINKS, Set.of(TUNNEL4));
        assertEmpty();
    }

    @Test
    void soDoesALinkThatIsMadeAnew() {
        fill();
        put(LINKS, Map.of(TUNNEL4, new Link.Vxlan(99, 8472, ip("192.0.2.1"), MAC, 1450)));
        assertEmpty();
    }

    @Test
    void anotherMtuChangesNothingElse() {
        fill();
        Link smaller = new Link.Vxlan(42, 8472, ip("192.0.2.1"), MAC, 1400);
        put(LINKS, Map.of(TUNNEL4, smaller));
        assertThat(list(LINKS)).containsEntry(TUNNEL4, smaller);
        assertFull();
    }

    @Test
    void anotherEthernetAddressCostsTheNeighbours() {
        fill();
        put(LINKS, Map.of(TUNNEL4, new Link.Vxlan(42, 8472, ip("192.0.2.1"), PEER, 1450)));
        assertThat(list(NEIGHBOURS)).isEmpty();
        assertThat(list(ADDRESSES)).containsOnlyKeys(ADDRESS4, ADDRESS6);
        assertThat(list(FDB)).containsOnlyKeys(FORWARDING);
        assertThat(list(ROUTES)).hasSize(3);
    }

    @Test
    void aLinkThatIsSetDownKeepsItsIpv4AddressesAndItsForwardingEntries() {
        fill();
        others().setDown(TUNNEL4);
        assertThat(list(LINKS)).containsEntry(TUNNEL4, new Link.Foreign("vxlan, down"));
        assertThat(list(ADDRESSES)).containsOnlyKeys(ADDRESS4);
        assertThat(list(NEIGHBOURS)).isEmpty();
        assertThat(list(FDB)).containsOnlyKeys(FORWARDING);
        assertThat(list(ROUTES)).containsOnlyKeys(to("10.9.0.0/24"));
        put(LINKS, Map.of(TUNNEL4, LINK4));
        assertThat(list(LINKS)).containsEntry(TUNNEL4, LINK4);
        assertThat(list(ADDRESSES)).containsOnlyKeys(ADDRESS4);
        assertThat(list(FDB)).as("it is the same link").containsOnlyKeys(FORWARDING);
    }

    @Test
    void aNameHasAtMostFifteenBytes() {
        Link link = new Link.Vxlan(50, 8472, ip("192.0.2.1"), MAC, 1450);
        put(LINKS, Map.of("fyr-90123456789", link));
        assertThat(list(LINKS)).containsEntry("fyr-90123456789", link);
        Link other = new Link.Vxlan(51, 8472, ip("192.0.2.1"), MAC, 1450);
        assertThat(refusal(() -> put(LINKS, Map.of("fyr-901234567890", other)))).contains(ERANGE);
        assertThat(refusal(() -> remove(LINKS, Set.of("fyr-901234567890")))).contains(ERANGE);
        assertThat(list(LINKS)).doesNotContainValue(other);
    }

    @Test
    void aTunnelIsRefusedWhileAnotherHasItsNumberPortAndFamily() {
        Link otherPort = new Link.Vxlan(42, 8473, ip("192.0.2.2"), PEER, 1450);
        Link otherFamily = new Link.Vxlan(42, 8472, ip("2001:db8::2"), PEER, 1450);
        assertThat(refusal(() -> put(LINKS, Map.of("fyr-a", otherPort, "fyr-b", otherFamily))))
                .isEmpty();
        assertThat(list(LINKS)).containsEntry("fyr-a", otherPort).containsEntry("fyr-b", otherFamily);
        assertThat(refusal(() -> put(LINKS, Map.of("fyr-c", new Link.Vxlan(42, 8472, ip("192.0.2.2"), PEER, 1450)))))
                .contains(Errno.EEXIST);
        assertThat(list(LINKS)).doesNotContainKey("fyr-c");
    }

    @Test
    void nobodyPlansALinkThatIsWrong() {
        assertThatThrownBy(() -> put(LINKS, Map.of("fyr-x", new Link.Foreign("dummy"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
