package fyr.bgp.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.model.address.Ipv4Address;
import org.junit.jupiter.api.Test;

class CommunityTest {

    @Test
    void textIsReadAndWrittenTheSame() {
        assertThat(Community.parse("65535:65281")).isEqualTo(Community.NO_EXPORT);
        assertThat(Community.parse("64500:120")).hasToString("64500:120");
        assertThat(LargeCommunity.parse("4294967295:0:7")).hasToString("4294967295:0:7");
        for (String text : new String[] {"1", "1:2:3", "65536:1", "1:", "-1:1", "1:x", "1: 2", ""}) {
            assertThatThrownBy(() -> Community.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> LargeCommunity.parse("4294967296:0:0")).isInstanceOf(IllegalArgumentException.class);
    }

    /** The encodings of RFC 4360 section 3 and 4, RFC 5668 section 2. */
    @Test
    void extendedCommunitiesHaveTheirTypes() {
        assertThat(ExtendedCommunity.routeTarget(64500, 7).value()).isEqualTo(0x0002fbf400000007L);
        assertThat(ExtendedCommunity.routeTarget(65536, 7).value()).isEqualTo(0x0202000100000007L);
        assertThat(ExtendedCommunity.siteOfOrigin(64500, 7)).hasToString("soo 64500:7");
        assertThat(ExtendedCommunity.routeTarget(Ipv4Address.parse("192.0.2.1"), 9))
                .hasToString("rt 192.0.2.1:9");
        assertThat(new ExtendedCommunity(0x4004fbf44a000000L).isTransitive()).isFalse();
        assertThat(new ExtendedCommunity(0x4004fbf44a000000L)).hasToString("0x4004fbf44a000000");
        assertThatThrownBy(() -> ExtendedCommunity.routeTarget(65536, 65536))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
