package fyr.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnAddressesTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1", // itself
        "2001:db8::1, 2001:db8:0::1",
        "0.0.0.0, 127.0.0.1", // an address of this host
        "0.0.0.0, 127.0.0.53",
        "::, ::1",
        "::, 127.0.0.1",
        "127.0.0.1, 0.0.0.0", // Linux sends it to the loopback address
        "::1, ::"
    })
    void whoListensThereIsReachedThere(String own, String upstream) {
        assertThat(reached(upstream, 53, own)).isTrue();
        assertThat(reached(upstream, 53, "198.51.100.1", own)).isTrue();
        assertThat(reached(upstream, 54, own)).as("at another port").isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.2",
        "127.0.0.1, 127.0.0.53",
        "0.0.0.0, 192.0.2.1", // an address of another host
        "::, 2001:db8::1",
        "192.0.2.1, 0.0.0.0", // which is the loopback address
        "2001:db8::1, ::"
    })
    void othersAreNot(String own, String upstream) {
        assertThat(reached(upstream, 53, own)).isFalse();
        assertThat(reached(upstream, 53)).isFalse();
    }

    private static boolean reached(String upstream, int port, String... own) {
        List<InetSocketAddress> listening = List.of(own).stream()
                .map(address -> new InetSocketAddress(address, 53))
                .toList();
        return new OwnAddresses(listening).reachedBy(new InetSocketAddress(upstream, port));
    }
}
