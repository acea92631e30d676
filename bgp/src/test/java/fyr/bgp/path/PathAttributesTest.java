package fyr.bgp.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PathAttributesTest {

    private static final AttributesBuilder ALL = PathAttributes.of(Origin.EGP, AsPath.of(1, 2))
            .nextHop(NextHop.of(Ipv4Address.parse("192.0.2.1")))
            .multiExitDisc(7)
            .localPref(4294967295L)
            .atomicAggregate(true)
            .aggregator(Optional.of(new Aggregator(1, Ipv4Address.parse("192.0.2.2"))))
            .originatorId(Optional.of(Ipv4Address.parse("192.0.2.3")))
            .clusterList(List.of(Ipv4Address.parse("192.0.2.4")))
            .communities(List.of(Community.of(2, 1), Community.of(1, 1), Community.of(2, 1)))
            .extendedCommunities(List.of(ExtendedCommunity.routeTarget(1, 1)))
            .largeCommunities(List.of(LargeCommunity.of(1, 2, 3)))
            .onlyToCustomer(9)
            .unknown(List.of(new UnknownAttribute(99, Octets.ofHex("0102"))))
            .partial(AttributeCode.COMMUNITIES);

    @Test
    void whatIsChangedIsOtherwiseTheSame() {
        PathAttributes all = ALL.build();
        assertThat(all.change().build()).isEqualTo(all).hasSameHashCodeAs(all).isNotSameAs(all);
        assertThat(all.communities()).containsExactly(Community.of(1, 1), Community.of(2, 1));
        assertThat(all.isPartial(AttributeCode.COMMUNITIES)).isTrue();
        assertThat(all.isPartial(AttributeCode.LARGE_COMMUNITY)).isFalse();
        assertThat(all.change().add(Community.BLACKHOLE).build().has(Community.BLACKHOLE))
                .isTrue();
        assertThat(all.change().withoutNextHop().build().nextHop()).isEmpty();
    }

    @Test
    void everyAttributeCounts() {
        PathAttributes all = ALL.build();
        assertThat(List.of(
                        all.change().origin(Origin.IGP).build(),
                        all.change().asPath(AsPath.of(1)).build(),
                        all.change()
                                .nextHop(NextHop.of(Ipv4Address.parse("192.0.2.9")))
                                .build(),
                        all.change().multiExitDisc(8).build(),
                        all.change().localPref(8).build(),
                        all.change().atomicAggregate(false).build(),
                        all.change().aggregator(Optional.empty()).build(),
                        all.change().originatorId(Optional.empty()).build(),
                        all.change().clusterList(List.of()).build(),
                        all.change().communities(List.of()).build(),
                        all.change().extendedCommunities(List.of()).build(),
                        all.change().largeCommunities(List.of()).build(),
                        all.change().onlyToCustomer(8).build(),
                        all.change().unknown(List.of()).build(),
                        all.change().partial(AttributeCode.AGGREGATOR).build()))
                .doesNotHaveDuplicates()
                .doesNotContain(all);
    }

    @Test
    void prefixesAreAListOfWhatWasAdded() {
        List<PathPrefix> six = List.of(
                PathPrefix.of(Prefix.parse("::/0")),
                new PathPrefix(-1, Prefix.parse("2001:db8::/33")),
                PathPrefix.of(Prefix.parse("2001:db8::1/128")));
        assertThat(PathPrefixes.of(AddressFamily.IPV6, six)).isEqualTo(six);
        List<PathPrefix> four = List.of(
                PathPrefix.of(Prefix.parse("0.0.0.0/0")), new PathPrefix(3, Prefix.parse("255.255.255.255/32")));
        PathPrefixes.Builder builder = new PathPrefixes.Builder(AddressFamily.IPV4, 0);
        four.forEach(builder::add);
        PathPrefixes list = builder.build();
        assertThat(list).isEqualTo(four).hasSize(2);
        assertThatThrownBy(() -> list.get(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> PathPrefixes.of(AddressFamily.IPV4, six)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PathPrefixes.none(AddressFamily.of(1, 2)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void linkLocalNextHopsAreKnown() {
        assertThat(NextHop.isLinkLocal(ipv6("fe80::1"))).isTrue();
        assertThat(NextHop.isLinkLocal(ipv6("febf::1"))).isTrue();
        assertThat(NextHop.isLinkLocal(ipv6("fec0::1"))).isFalse();
    }

    private static Ipv6Address ipv6(String text) {
        return Ipv6Address.parse(text);
    }
}
