package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.answer.ClusterAnswers;
import fyr.dns.answer.Zone;
import fyr.dns.forward.Forwarder;
import fyr.dns.forward.ResolvConf;
import fyr.dns.message.DnsName;
import fyr.dns.message.Edns;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostileInputTest {

    private static final String[] NAMES = {
        "web.shop.svc.cluster.local",
        "_http._tcp.db.shop.svc.cluster.local",
        "a-b-c-d.shop.pod.cluster.local",
        "7.0.96.10.in-addr.arpa",
        "svc.cluster.local"
    };

    @Test
    void noPacketMakesTheHandlerThrow() {
        ClusterAnswers answers = new ClusterAnswers(Zone.standard(List.of(), List.of()), new Random(1));
        QueryHandler handler = new QueryHandler(
                answers, () -> Optional.of(DnsServerTest.shop()), Forwarder.none(), DnsCounters.none());
        for (long seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            Question question = new Question(
                    DnsName.parse(NAMES[random.nextInt(NAMES.length)]), new RecordType(random.nextInt(260)));
            byte[] packet = MessageWriter.write(
                    Message.of(7, Flags.query(false), List.of(question), Optional.of(Edns.plain(false))), 512);
            for (int i = random.nextInt(4); i > 0; i--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            try {
                if (handler.handle(packet, packet.length, false) instanceof Outcome.Reply(byte[] bytes)) {
                    assertThat(bytes.length).isLessThanOrEqualTo(1232);
                }
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void resolvConfIsReadAsTheCLibrariesDo() {
        ResolvConf conf = ResolvConf.parse("""
                # made by hand
                search example.com
                nameserver 203.0.113.53
                nameserver fe80::1%eth0
                nameserver 2001:db8::53
                nameserver 203.0.113.54
                nameserver 203.0.113.55
                options ndots:5
                """);
        assertThat(conf.nameservers())
                .containsExactly(
                        IpAddress.parse("203.0.113.53"),
                        IpAddress.parse("2001:db8::53"),
                        IpAddress.parse("203.0.113.54"));
        assertThat(conf.problems())
                .containsExactly("line 4: name server 'fe80::1%eth0' is passed over: no plain IP address");
    }
}
