package fyr.dns.server;

import fyr.dns.answer.ClusterAnswers;
import fyr.dns.forward.ForwardedQuestion;
import fyr.dns.forward.Forwarder;
import fyr.dns.forward.ScriptedUpstream;
import fyr.dns.message.DnsName;
import fyr.dns.message.Edns;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.MessageReader;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import fyr.model.name.DnsView;
import fyr.testkit.Golden;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is answered to what, in files to read: one for each kind of name. */
class AnswerGoldenTest {

    private static final RecordType[] ADDRESSES = {RecordType.A, RecordType.AAAA};
    private final StringBuilder text = new StringBuilder();
    private Optional<DnsView> view = Optional.of(Shop.view());

    /** Knows one address for every name but those below {@code missing.test}. */
    private static final class OneAddress implements Forwarder {
        @Override
        public Optional<Message> remembered(ForwardedQuestion question) {
            return Optional.empty();
        }

        @Override
        public Message resolve(ForwardedQuestion question) {
            Message query = Message.of(0, Flags.query(false), List.of(question.question()), Optional.empty());
            boolean missing = question.question().name().isWithin(DnsName.parse("missing.test"));
            if (missing || !question.question().type().equals(RecordType.A)) {
                return ScriptedUpstream.reply(query, missing ? ResponseCode.NXDOMAIN : ResponseCode.NOERROR);
            }
            return ScriptedUpstream.reply(query, ResponseCode.NOERROR, "192.0.2.1");
        }
    }

    private void ask(String name, RecordType... types) {
        for (RecordType type : types) {
            ask(name + " " + type, name, type, Optional.empty(), false);
        }
    }

    private void ask(String title, String name, RecordType type, Optional<Edns> edns, boolean tcp) {
        QueryHandler handler = new QueryHandler(
                new ClusterAnswers(Shop.ZONE, new Random(1)), () -> view, new OneAddress(), DnsCounters.none());
        Question question = new Question(DnsName.parse(name), type);
        byte[] query = MessageWriter.write(Message.of(7, Flags.query(false), List.of(question), edns), 512);
        byte[] answer = switch (handler.handle(query, query.length, tcp)) {
            case Outcome.Reply(byte[] bytes, var _) -> bytes;
            case Outcome.Later later -> later.bytes().get();
            case Outcome.Nothing() -> throw new AssertionError("a query has an answer");
        };
        text.append("$ ").append(title).append('\n');
        text.append(DigText.of(MessageReader.read(answer, answer.length), answer.length))
                .append('\n');
    }

    private void check(String file) {
        Golden.check(file, text.toString());
    }

    @Test
    void services() {
        ask(
                "web.shop.svc.cluster.local",
                RecordType.A,
                RecordType.AAAA,
                RecordType.SRV,
                RecordType.TXT,
                RecordType.ANY);
        ask("plain.shop.svc.cluster.local", RecordType.A, RecordType.AAAA, RecordType.SRV);
        ask("_http._tcp.web.shop.svc.cluster.local", RecordType.SRV, RecordType.A);
        ask("_tcp.web.shop.svc.cluster.local", RecordType.SRV);
        ask("_dns._udp.web.shop.svc.cluster.local", RecordType.SRV);
        ask("_dns._tcp.web.shop.svc.cluster.local", RecordType.SRV);
        ask("WeB.shop.svc.cluster.local", RecordType.A);
        check("services.dig");
    }

    @Test
    void headlessServices() {
        ask("pair.shop.svc.cluster.local", RecordType.A, RecordType.AAAA, RecordType.SRV);
        ask("zero.pair.shop.svc.cluster.local", RecordType.A, RecordType.AAAA, RecordType.SRV, RecordType.TXT);
        ask("_http._tcp.pair.shop.svc.cluster.local", RecordType.SRV, RecordType.A);
        ask("_tcp.pair.shop.svc.cluster.local", RecordType.SRV);
        ask("_no._tcp.pair.shop.svc.cluster.local", RecordType.SRV);
        ask("one.pair.shop.svc.cluster.local", ADDRESSES);
        ask("none.shop.svc.cluster.local", ADDRESSES);
        ask("db.shop.svc.cluster.local", ADDRESSES);
        String name = "db.shop.svc.cluster.local";
        ask(
                name + " A, EDNS of 4096 bytes",
                name,
                RecordType.A,
                Optional.of(new Edns(4096, 0, true, List.of())),
                false);
        ask(name + " A, over TCP", name, RecordType.A, Optional.empty(), true);
        check("headless.dig");
    }

    @Test
    void denials() {
        ask("example.com.shop.svc.cluster.local", ADDRESSES);
        ask("www.example.com.shop.svc.cluster.local", ADDRESSES);
        ask("example.com.svc.cluster.local", ADDRESSES);
        ask("example.com.cluster.local", ADDRESSES);
        ask("no.shop.svc.cluster.local", ADDRESSES);
        ask("web.no.svc.cluster.local", ADDRESSES);
        ask("shop.svc.cluster.local", ADDRESSES);
        ask("svc.cluster.local", ADDRESSES);
        ask("pod.cluster.local", ADDRESSES);
        ask("cluster.local", ADDRESSES);
        check("denials.dig");
    }

    @Test
    void otherNamesOfTheZone() {
        ask("cluster.local", RecordType.SOA, RecordType.NS);
        ask("ns.dns.cluster.local", ADDRESSES);
        ask("dns-version.cluster.local", RecordType.TXT);
        ask("10-244-3-1.shop.pod.cluster.local", ADDRESSES);
        ask("fd00-244--31.shop.pod.cluster.local", ADDRESSES);
        ask("10-244-3-1.no.pod.cluster.local", ADDRESSES);
        ask("nonsense.shop.pod.cluster.local", ADDRESSES);
        check("zone.dig");
    }

    @Test
    void addresses() {
        ask("7.0.96.10.in-addr.arpa", RecordType.PTR, RecordType.A);
        ask("9.0.96.10.in-addr.arpa", RecordType.PTR);
        ask("1.3.244.10.in-addr.arpa", RecordType.PTR);
        ask("244.10.in-addr.arpa", RecordType.SOA, RecordType.PTR);
        String host = "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.0.d.f.ip6.arpa";
        ask(host, RecordType.PTR);
        ask(host.replaceFirst("7", "8"), RecordType.PTR);
        ask("1.3.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.4.4.2.0.0.0.d.f.ip6.arpa", RecordType.PTR);
        ask("1.2.0.192.in-addr.arpa", RecordType.PTR);
        check("addresses.dig");
    }

    @Test
    void aliasesAndForwardedNames() {
        ask("alias.shop.svc.cluster.local", RecordType.A, RecordType.CNAME);
        ask("loop.shop.svc.cluster.local", RecordType.A);
        ask("away.shop.svc.cluster.local", RecordType.A, RecordType.CNAME);
        ask("example.com", RecordType.A);
        ask("www.missing.test", ADDRESSES);
        check("forwarded.dig");
    }

    @Test
    void beforeTheClusterIsKnown() {
        view = Optional.empty();
        ask("web.shop.svc.cluster.local", ADDRESSES);
        String name = "web.shop.svc.cluster.local";
        ask(name + " A, EDNS", name, RecordType.A, Optional.of(Edns.plain(false)), false);
        ask("7.0.96.10.in-addr.arpa", RecordType.PTR);
        ask("example.com", RecordType.A);
        check("not-ready.dig");
    }
}
