package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which hosts the pods of other nodes must not hide. */
class NeededHostsTest {

    @Test
    void theApiServerAndTheResolversOfTheOptions() {
        AgentOptions options = Options.of(List.of(), List.of(new InetSocketAddress("203.0.113.53", 53)));
        assertThat(NeededHosts.of(options, "https://203.0.113.5:6443").all())
                .containsExactly(IpAddress.parse("203.0.113.5"), IpAddress.parse("203.0.113.53"));
        assertThat(NeededHosts.of(options, "https://[2001:db8::5]:6443").all())
                .contains(IpAddress.parse("2001:db8::5"));
        assertThat(NeededHosts.of(options, "https://api.example:6443").all())
                .as("a server that is known by its name")
                .containsExactly(IpAddress.parse("203.0.113.53"));
    }

    @Test
    void theResolversOfTheNode(@TempDir Path directory) throws IOException {
        AgentOptions options = Options.under(directory);
        assertThat(NeededHosts.of(options, "http://api").all()).isEmpty();
        Files.writeString(options.dns().resolvConf(), "nameserver 203.0.113.54\nsearch example\n");
        assertThat(NeededHosts.of(options, "http://api").all()).containsExactly(IpAddress.parse("203.0.113.54"));
    }
}
