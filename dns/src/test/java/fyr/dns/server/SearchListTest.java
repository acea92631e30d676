package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.forward.ScriptedUpstream;
import fyr.dns.forward.UpstreamForwarder;
import fyr.dns.message.DnsName;
import fyr.dns.message.Message;
import fyr.dns.message.RecordData;
import fyr.dns.message.ResourceRecord;
import fyr.dns.message.ResponseCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the search list of a pod ({@code ndots:5}) makes of one name: every candidate is asked for as A and AAAA until one exists, as glibc and
 * musl do. Only the name itself may cost the upstream servers anything.
 */
class SearchListTest {

    private static final List<String> SEARCH = List.of("shop.svc.cluster.local", "svc.cluster.local", "cluster.local");

    private final ScriptedUpstream upstream = new ScriptedUpstream(SearchListTest::answer);
    private final DnsServer server = DnsServer.start(
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            Shop.ZONE,
            () -> Optional.of(Shop.view()),
            new UpstreamForwarder(List.of(upstream.socket()), List.of(), 1 << 20, InstantSource.system()),
            DnsCounters.none());

    @AfterEach
    void stop() {
        server.close();
        upstream.close();
    }

    /** {@code example.com} and what is below exists, with IPv4 addresses; nothing else does. */
    private static Optional<Message> answer(Message query, boolean tcp) {
        DnsName name = query.questions().getFirst().name();
        boolean exists = name.isWithin(DnsName.parse("example.com"));
        if (exists && query.questions().getFirst().type().toString().equals("A")) {
            return Optional.of(ScriptedUpstream.reply(query, ResponseCode.NOERROR, "192.0.2.1"));
        }
        DnsName zone = DnsName.parse("com");
        ResponseCode code = exists ? ResponseCode.NOERROR : ResponseCode.NXDOMAIN;
        return Optional.of(new Message(
                query.id(),
                query.flags().reply(code, false),
                query.questions(),
                List.of(),
                List.of(new ResourceRecord(zone, 60, new RecordData.Soa(zone, zone, 1, 2, 3, 4, 60))),
                List.of(),
                query.edns()));
    }

    /** Returns how many queries the client sent. */
    private int lookUp(String name) throws Exception {
        int sent = 0;
        for (String suffix : SEARCH) {
            sent += 2;
            if (exists(name + "." + suffix)) {
                return sent;
            }
        }
        exists(name);
        return sent + 2;
    }

    /** Asks for both types; musl gives a whole candidate up if they disagree about its existence. */
    private boolean exists(String name) throws Exception {
        InetSocketAddress address = server.addresses().getFirst();
        boolean ipv4 = !Dig.at(address, "+noedns", "+noadflag", name, "A").contains("NXDOMAIN");
        boolean ipv6 = !Dig.at(address, "+noedns", "+noadflag", name, "AAAA").contains("NXDOMAIN");
        assertThat(ipv6).as(name).isEqualTo(ipv4);
        return ipv4;
    }

    private List<String> asked() {
        return upstream.queries().stream()
                .map(query -> query.questions().getFirst())
                .map(question -> question.name() + " " + question.type())
                .toList();
    }

    @Test
    void anExternalNameIsOneUpstreamQueryForEachType() throws Exception {
        assertThat(lookUp("www.example.com")).isEqualTo(8);
        assertThat(asked()).containsExactly("www.example.com. A", "www.example.com. AAAA");
        lookUp("www.example.com");
        lookUp("example.com");
        assertThat(asked())
                .containsExactly("www.example.com. A", "www.example.com. AAAA", "example.com. A", "example.com. AAAA");
    }

    @Test
    void soIsOneThatDoesNotExist() throws Exception {
        lookUp("no.such.name.test");
        lookUp("no.such.name.test");
        assertThat(asked()).containsExactly("no.such.name.test. A", "no.such.name.test. AAAA");
    }

    @Test
    void namesOfTheClusterCostNothing() throws Exception {
        assertThat(lookUp("web")).isEqualTo(2);
        assertThat(lookUp("web.shop")).isEqualTo(4);
        assertThat(lookUp("web.shop.svc")).isEqualTo(6);
        assertThat(asked()).isEmpty();
    }
}
