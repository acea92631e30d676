package fyr.cni.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.model.HostPort;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PortMappingsTest {

    private static List<HostPort> read(String text) {
        return PortMappings.read(JsonMapper.shared().readTree(text.replace('\'', '"')));
    }

    /** As containerd writes them (toCNIPortMappings): protocols in lower case, hostIP left out if there is none. */
    @Test
    void readsWhatContainerdWrites() {
        assertThat(read("""
                [{'hostPort':8080,'containerPort':80,'protocol':'tcp'},
                 {'hostPort':8080,'containerPort':81,'protocol':'udp','hostIP':''},
                 {'hostPort':8080,'containerPort':82,'protocol':'sctp','hostIP':'192.0.2.1'},
                 {'hostPort':8080,'containerPort':83,'protocol':'sctp','hostIP':'192.0.2.2'},
                 {'hostPort':53,'containerPort':53,'protocol':'UDP','hostIP':'0.0.0.0'},
                 {'hostPort':53,'containerPort':53,'protocol':'UDP','hostIP':'::'},
                 {'hostPort':0,'containerPort':99,'protocol':'tcp'}]"""))
                .containsExactly(
                        new HostPort(Optional.empty(), Protocol.TCP, 8080, 80),
                        new HostPort(Optional.empty(), Protocol.UDP, 8080, 81),
                        new HostPort(Optional.of(IpAddress.parse("192.0.2.1")), Protocol.SCTP, 8080, 82),
                        new HostPort(Optional.of(IpAddress.parse("192.0.2.2")), Protocol.SCTP, 8080, 83),
                        new HostPort(Optional.of(IpAddress.parse("0.0.0.0")), Protocol.UDP, 53, 53),
                        new HostPort(Optional.of(IpAddress.parse("::")), Protocol.UDP, 53, 53));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "[{}]",
                "[{'hostPort':0,'containerPort':0}]",
                "[{'hostPort':null,'protocol':'icmp','hostIP':'x'}]"
            })
    void whatHasNoHostPortAsksForNothing(String mappings) {
        assertThat(read(mappings)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7|portMappings: is not a list",
                "{'hostPort':1}|portMappings: is not a list",
                "[7]|portMappings[0]: is not an object",
                "[{'hostPort':80}]|portMappings[0].containerPort: nothing is not a port",
                "[{'hostPort':80,'containerPort':0}]|portMappings[0].containerPort: '0' is not a port from 1 to 65535",
                "[{'hostPort':-1,'containerPort':80}]|portMappings[0].hostPort: '-1' is not a port",
                "[{'hostPort':65536,'containerPort':80}]|portMappings[0].hostPort: '65536' is not a port",
                "[{'hostPort':8080.5,'containerPort':80}]|portMappings[0].hostPort: '8080.5' is not a port",
                "[{'hostPort':4294967296,'containerPort':80}]|portMappings[0].hostPort: '4294967296' is not a port",
                "[{'hostPort':'80','containerPort':80}]|portMappings[0].hostPort: '80' is not a port",
                "[{'hostPort':1,'containerPort':1,'protocol':'icmp'}]|protocol: 'icmp' is not one of tcp, udp, sctp",
                "[{'hostPort':1,'containerPort':1,'protocol':6}]|protocol: '6' is not one of",
                "[{'hostPort':1,'containerPort':1,'hostIP':'node1'}]|hostIP: 'node1' is not an IP address",
                "[{'hostPort':1,'containerPort':1,'hostIP':'10.0.0.1/24'}]|hostIP: '10.0.0.1/24' is not an IP address",
                "[{'hostPort':1,'containerPort':1,'hostIP':['::']}]|hostIP: '[\"::\"]' is not an IP address",
                "[{'hostPort':8080,'containerPort':1},{'hostPort':8080,'containerPort':2}]"
                        + "|portMappings[1]: 8080/TCP -> 2: the pod asks for 0.0.0.0:8080/TCP twice; the other mapping is 8080/TCP -> 1",
                "[{'hostPort':8080,'containerPort':1},{'hostPort':8080,'containerPort':2,'hostIP':'::'}]|[::]:8080/TCP twice"
            })
    void whatIsWrongIsNamed(String mappings, String message) {
        assertThatThrownBy(() -> read(mappings))
                .isInstanceOfSatisfying(
                        CniException.class, e -> assertThat(e.code()).isEqualTo(CniErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining(message);
    }

    /** Whatever arrives, the answer is a list of host ports that claim each place once, or a CniException of one line. */
    @Test
    void survivesAnything() {
        SplittableRandom random = new SplittableRandom(20260725);
        String[] values = {
            "0",
            "1",
            "80",
            "65535",
            "65536",
            "-1",
            "1e3",
            "1.5",
            "99999999999999999999",
            "null",
            "true",
            "''",
            "'tcp'",
            "'UDP'",
            "'sctp'",
            "'ı'",
            "'::'",
            "'0.0.0.0'",
            "'192.0.2.1'",
            "'fe80::1%eth0'",
            "'\\n'",
            "'\\ud800'",
            "[]",
            "{}",
            "[80]",
            "{'a':1}"
        };
        String[] keys = {"hostPort", "containerPort", "protocol", "hostIP"};
        String[] usual = {"8080", "80", "'tcp'", "'192.0.2.1'"};
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder("[");
            for (int mapping = random.nextInt(4); mapping >= 0; mapping--) {
                StringBuilder fields = new StringBuilder();
                for (int key = 0; key < keys.length; key++) {
                    String value = random.nextInt(3) > 0 ? usual[key] : values[random.nextInt(values.length)];
                    fields.append(fields.isEmpty() ? "" : ",")
                            .append('\'')
                            .append(keys[key])
                            .append("':")
                            .append(value);
                }
                text.append('{').append(fields).append('}').append(mapping > 0 ? "," : "]");
            }
            try {
                Stream<HostPort> ports = read(text.toString()).stream();
                assertThat(ports.flatMap(port -> port.places().stream()))
                        .as("round " + round)
                        .doesNotHaveDuplicates();
                read++;
            } catch (CniException e) {
                assertThat(e.getMessage()).as("round " + round).startsWith("runtimeConfig.portMappings");
                assertThat(ResultText.error("1.1.0", e)).startsWith("{");
            } catch (RuntimeException e) {
                throw new AssertionError("round " + round + ": " + text, e);
            }
        }
        assertThat(read).isBetween(1_000, 19_000);
    }
}
