package fyr.testkit.contract;

import static fyr.kernel.Tables.ADDRESSES;
import static fyr.kernel.Tables.FDB;
import static fyr.kernel.Tables.LINKS;
import static fyr.kernel.Tables.NEIGHBOURS;
import static fyr.kernel.Tables.ROUTES;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Errno;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a table of addresses does, and what goes with an address. */
public abstract class AddressTableContract extends KernelContract {

    private static final AddressKey FOUR = new AddressKey(TUNNEL4, ip("10.1.0.1"));
    private static final AddressKey OTHER_FOUR = new AddressKey(TUNNEL4, ip("10.1.0.2"));
    private static final AddressKey SIX = new AddressKey(TUNNEL4, ip("fd00:1::1"));

    private void put(AddressKey key, InterfaceAddress value) {
        put(ADDRESSES, Map.of(key, value));
    }

    @Test
    void addressesAreSetChangedAndRemoved() {
        put(ADDRESSES, Map.of(FOUR, new InterfaceAddress(32), SIX, new InterfaceAddress(128)));
        put(ADDRESSES, Map.of(FOUR, new InterfaceAddress(24), SIX, new InterfaceAddress(128, false)));
        assertThat(list(ADDRESSES))
                .isEqualTo(
                        new TreeMap<>(Map.of(FOUR, new InterfaceAddress(24), SIX, new InterfaceAddress(128, false))));
        remove(ADDRESSES, Set.of(FOUR, OTHER_FOUR, new AddressKey(ABSENT, ip("10.1.0.9"))));
        assertThat(list(ADDRESSES)).containsOnlyKeys(SIX);
    }

    @Test
    void anAddressOfAnAbsentLinkHoldsBackNoOther() {
        assertThat(refusal(() -> put(
                        ADDRESSES,
                        Map.of(
                                new AddressKey(ABSENT, ip("10.1.0.9")),
                                new InterfaceAddress(32),
                                FOUR,
                                new InterfaceAddress(32)))))
                .contains(Errno.ENODEV);
        assertThat(list(ADDRESSES)).containsOnlyKeys(FOUR);
    }

    @Test
    void aPrefixIsNotLongerThanAnAddress() {
        assertThat(refusal(() -> put(FOUR, new InterfaceAddress(33)))).contains(Errno.EINVAL);
        assertThat(refusal(() -> put(SIX, new InterfaceAddress(129)))).contains(Errno.EINVAL);
        assertThat(list(ADDRESSES)).isEmpty();
    }

    @Test
    void anAddressOfSomebodyElseStays() {
        for (String text : new String[] {"10.7.0.1", "fd00:7::1"}) {
            AddressKey key = new AddressKey("lo", ip(text));
            int length = key.address().family().bits();
            others().addAddress(key, length);
            assertThat(refusal(() -> put(key, new InterfaceAddress(length)))).contains(Errno.EEXIST);
            remove(ADDRESSES, Set.of(key));
            assertThat(refusal(() -> put(key, new InterfaceAddress(length)))).contains(Errno.EEXIST);
            assertThat(list(ADDRESSES)).isEmpty();
        }
    }

    private void fill() {
        put(ADDRESSES, Map.of(FOUR, new InterfaceAddress(32), SIX, new InterfaceAddress(128)));
        put(
                NEIGHBOURS,
                Map.of(
                        new NeighbourKey(TUNNEL4, ip("10.3.0.2")),
                        new Neighbour(PEER),
                        new NeighbourKey(TUNNEL4, ip("fd00:3::2")),
                        new Neighbour(PEER),
                        new NeighbourKey(TUNNEL6, ip("10.3.0.2")),
                        new Neighbour(PEER)));
        put(FDB, Map.of(new FdbKey(TUNNEL4, PEER), new FdbEntry(ip("192.0.2.9"))));
        put(
                ROUTES,
                Map.of(
                        to("10.2.0.0/24"),
                        direct(TUNNEL4),
                        to("fd00:2::/64"),
                        direct(TUNNEL4),
                        to("10.3.0.0/24"),
                        from(TUNNEL6, "10.1.0.1"),
                        to("10.4.0.0/24"),
                        direct(TUNNEL6),
                        to("fd00:4::/64"),
                        from(TUNNEL6, "fd00:1::1")));
    }

    @Test
    void withTheLastIpv4AddressOfALinkGoItsIpv4RoutesAndNeighbours() {
        fill();
        remove(ADDRESSES, Set.of(FOUR));
        assertThat(list(ROUTES)).containsOnlyKeys(to("10.4.0.0/24"), to("fd00:2::/64"), to("fd00:4::/64"));
        assertThat(list(NEIGHBOURS))
                .containsOnlyKeys(
                        new NeighbourKey(TUNNEL4, ip("fd00:3::2")), new NeighbourKey(TUNNEL6, ip("10.3.0.2")));
        assertThat(list(FDB)).hasSize(1);
    }

    @Test
    void withAnIpv4AddressGoTheRoutesThatPreferIt() {
        fill();
        put(OTHER_FOUR, new InterfaceAddress(32));
        remove(ADDRESSES, Set.of(FOUR));
        assertThat(list(ROUTES)).hasSize(4).doesNotContainKey(to("10.3.0.0/24"));
        assertThat(list(NEIGHBOURS)).hasSize(3);
    }

    @Test
    void anAddressThatAnotherLinkHasTooIsStillPreferred() {
        fill();
        put(new AddressKey(TUNNEL6, ip("10.1.0.1")), new InterfaceAddress(32));
        put(OTHER_FOUR, new InterfaceAddress(32));
        remove(ADDRESSES, Set.of(FOUR));
        assertThat(list(ROUTES)).hasSize(5);
    }

    @Test
    void withoutTheirIpv6AddressRoutesPreferNone() {
        fill();
        remove(ADDRESSES, Set.of(SIX));
        assertThat(list(ROUTES)).hasSize(5).containsEntry(to("fd00:4::/64"), direct(TUNNEL6));
        assertThat(list(NEIGHBOURS)).hasSize(3);
    }

    @Test
    void withTheLinkOfTheirAddressIpv4RoutesGoAndIpv6RoutesStay() {
        fill();
        remove(LINKS, Set.of(TUNNEL4));
        assertThat(list(ROUTES))
                .isEqualTo(Map.of(to("10.4.0.0/24"), direct(TUNNEL6), to("fd00:4::/64"), from(TUNNEL6, "fd00:1::1")));
    }

    @Test
    void anotherPrefixLengthCostsNothingInIpv4AndPreferencesInIpv6() {
        fill();
        put(ADDRESSES, Map.of(FOUR, new InterfaceAddress(31), SIX, new InterfaceAddress(127)));
        assertThat(list(ADDRESSES)).isEqualTo(Map.of(FOUR, new InterfaceAddress(31), SIX, new InterfaceAddress(127)));
        assertThat(list(ROUTES))
                .hasSize(5)
                .containsEntry(to("10.3.0.0/24"), from(TUNNEL6, "10.1.0.1"))
                .containsEntry(to("fd00:4::/64"), direct(TUNNEL6));
        assertThat(list(NEIGHBOURS)).hasSize(3);
    }

    @Test
    void anotherScopeOfTheOnlyIpv4AddressCostsRoutesAndNeighbours() {
        fill();
        put(FOUR, new InterfaceAddress(32, false));
        assertThat(list(ADDRESSES)).containsEntry(FOUR, new InterfaceAddress(32, false));
        assertThat(list(ROUTES)).containsOnlyKeys(to("10.4.0.0/24"), to("fd00:2::/64"), to("fd00:4::/64"));
        assertThat(list(NEIGHBOURS)).hasSize(2);
    }
}
