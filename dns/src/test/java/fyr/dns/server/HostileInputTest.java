package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.answer.ClusterAnswers;
import fyr.dns.answer.Zone;
import fyr.dns.forward.Forwarder;
import fyr.dns.message.DnsName;
import fyr.dns.message.Edns;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
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
                answers, () -> Optional.of(Shop.view()), Forwarder.none(), DnsCounters.none());
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
}
