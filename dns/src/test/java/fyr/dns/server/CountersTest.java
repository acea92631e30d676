package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.answer.ClusterAnswers;
import fyr.dns.forward.ForwardedQuestion;
import fyr.dns.forward.Forwarder;
import fyr.dns.forward.ScriptedUpstream;
import fyr.dns.forward.UpstreamForwarder;
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
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is told of each query: where its answer came from, its type and code. */
class CountersTest {

    private final List<String> told = new ArrayList<>();
    private final DnsCounters counters = new DnsCounters() {
        @Override
        public void answered(RecordType type, ResponseCode code, Source source) {
            told.add(source + " " + type + " " + code);
        }

        @Override
        public void dropped() {
            told.add("dropped");
        }

        @Override
        public void limited(InetAddress client) {
            told.add("limited " + client.getHostAddress());
        }
    };

    private QueryHandler handler(Optional<DnsView> view, Forwarder forwarder) {
        return new QueryHandler(new ClusterAnswers(Shop.ZONE, new Random(1)), () -> view, forwarder, counters);
    }

    private static byte[] query(String name, RecordType type, int dnsClass, Optional<Edns> edns) {
        Question question = new Question(DnsName.parse(name), type, dnsClass);
        return MessageWriter.write(Message.of(7, Flags.query(false), List.of(question), edns), 512);
    }

    private static byte[] query(String name, RecordType type) {
        return query(name, type, Question.INTERNET, Optional.empty());
    }

    private static Optional<Message> answer(QueryHandler handler, byte[] query) {
        Optional<byte[]> bytes = switch (handler.handle(query, query.length, false)) {
            case Outcome.Reply(byte[] reply, var _) -> Optional.of(reply);
            case Outcome.Later later -> Optional.of(later.bytes().get());
            case Outcome.Nothing() -> Optional.empty();
        };
        return bytes.map(reply -> MessageReader.read(reply, reply.length));
    }

    @Test
    void theClustersOwnNames() {
        QueryHandler handler = handler(Optional.of(Shop.view()), Forwarder.none());
        answer(handler, query("web.shop.svc.cluster.local", RecordType.A));
        answer(handler, query("no.shop.svc.cluster.local", RecordType.AAAA));
        answer(handler, query("1.0.96.10.in-addr.arpa", RecordType.PTR));
        answer(handler(Optional.empty(), Forwarder.none()), query("web.shop.svc.cluster.local", RecordType.A));
        assertThat(told)
                .containsExactly(
                        "CLUSTER A NOERROR", "CLUSTER AAAA NXDOMAIN", "CLUSTER PTR NXDOMAIN", "CLUSTER A SERVFAIL");
    }

    @Test
    void othersNames() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(ScriptedUpstream.address("192.0.2.1"))) {
            Forwarder forwarder =
                    new UpstreamForwarder(List.of(upstream.socket()), List.of(), 1 << 20, InstantSource.system());
            QueryHandler handler = handler(Optional.of(Shop.view()), forwarder);
            answer(handler, query("example.com", RecordType.A));
            answer(handler, query("away.shop.svc.cluster.local", RecordType.A));
            upstream.follow(ScriptedUpstream.always(ResponseCode.REFUSED));
            answer(handler, query("example.org", new RecordType(65)));
        }
        answer(handler(Optional.of(Shop.view()), Forwarder.none()), query("example.com", RecordType.A));
        assertThat(told)
                .containsExactly(
                        "FORWARDED A NOERROR", "CACHE A NOERROR", "FORWARDED HTTPS REFUSED", "FORWARDED A SERVFAIL");
    }

    @Test
    void whatIsNotServed() {
        QueryHandler handler = handler(Optional.of(Shop.view()), Forwarder.none());
        byte[] query = query("cluster.local", RecordType.A);
        answer(handler, Arrays.copyOf(query, query.length - 1));
        answer(handler, query("cluster.local", RecordType.AXFR));
        answer(handler, query("version.bind", RecordType.TXT, 3, Optional.empty()));
        answer(handler, query("a.test", RecordType.A, 1, Optional.of(new Edns(512, 1, false, List.of()))));
        byte[] notify = query.clone();
        notify[2] |= 4 << 3;
        answer(handler, notify);
        byte[] response = query.clone();
        response[2] |= (byte) 0x80;
        assertThat(answer(handler, response)).isEmpty();
        assertThat(told)
                .containsExactly(
                        "QUERY TYPE0 FORMERR",
                        "QUERY AXFR REFUSED",
                        "QUERY TXT REFUSED",
                        "QUERY A BADVERS",
                        "QUERY TYPE0 NOTIMP");
    }

    @Test
    void theAuthenticDataBitIsNotPassedOn() {
        ScriptedUpstream.Script validating = (query, tcp) -> {
            Flags flags = new Flags(true, 0, false, false, true, true, true, false, ResponseCode.NOERROR);
            return Optional.of(Message.of(query.id(), flags, query.questions(), query.edns()));
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(validating)) {
            Forwarder forwarder =
                    new UpstreamForwarder(List.of(upstream.socket()), List.of(), 1 << 20, InstantSource.system());
            Message answer = answer(handler(Optional.of(Shop.view()), forwarder), query("example.com", RecordType.A))
                    .orElseThrow();
            assertThat(answer.flags().authenticData()).isFalse();
            assertThat(answer.flags().authoritative()).isFalse();
        }
    }

    @Test
    void anAliasOfTheClusterIsAnsweredWithAuthority() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(ScriptedUpstream.address("192.0.2.1"))) {
            Forwarder forwarder =
                    new UpstreamForwarder(List.of(upstream.socket()), List.of(), 1 << 20, InstantSource.system());
            QueryHandler handler = handler(Optional.of(Shop.view()), forwarder);
            for (String source : List.of("upstream", "cache")) {
                Message answer = answer(handler, query("away.shop.svc.cluster.local", RecordType.A))
                        .orElseThrow();
                assertThat(answer.flags().authoritative()).as(source).isTrue();
            }
        }
    }

    @Test
    void whatUpstreamCutIsMarkedForTheClientToo() {
        Forwarder cut = new Forwarder() {
            @Override
            public Optional<Message> remembered(ForwardedQuestion question) {
                return Optional.empty();
            }

            @Override
            public Message resolve(ForwardedQuestion question) {
                Flags flags =
                        Flags.query(false).reply(ResponseCode.NOERROR, false).asTruncated();
                return Message.of(0, flags, List.of(question.question()), Optional.empty());
            }
        };
        Message answer = answer(handler(Optional.of(Shop.view()), cut), query("example.com", RecordType.A))
                .orElseThrow();
        assertThat(answer.flags().truncated()).isTrue();
    }

    /** BADCOOKIE is 23: its lower bits alone say YXRRSET. */
    @Test
    void aCodeThatTakesEdnsIsSaidOnlyWithIt() {
        ResponseCode badCookie = new ResponseCode(23);
        try (ScriptedUpstream upstream = new ScriptedUpstream(ScriptedUpstream.always(badCookie))) {
            Forwarder forwarder =
                    new UpstreamForwarder(List.of(upstream.socket()), List.of(), 1 << 20, InstantSource.system());
            QueryHandler handler = handler(Optional.of(Shop.view()), forwarder);
            Optional<Edns> edns = Optional.of(Edns.plain(false));
            byte[] with = query("example.com", RecordType.A, Question.INTERNET, edns);
            byte[] without = query("example.com", RecordType.A);
            assertThat(answer(handler, with).map(Message::code)).contains(badCookie);
            assertThat(answer(handler, without).map(Message::code)).contains(ResponseCode.SERVFAIL);
            ResponseCode largest = new ResponseCode(15);
            upstream.follow(ScriptedUpstream.always(largest));
            byte[] another = query("example.org", RecordType.A);
            assertThat(answer(handler, another).map(Message::code))
                    .as("the largest without")
                    .contains(largest);
        }
    }

    /** RFC 8914 section 3 for errors; a cookie is between two neighbours (RFC 7873 section 4). */
    @Test
    void ofTheOptionsOfUpstreamOnlyTheExtendedErrorIsPassedOn() {
        Edns.Option cookie = new Edns.Option(10, new byte[16]);
        ScriptedUpstream.Script blocked = (query, tcp) -> Optional.of(Message.of(
                query.id(),
                query.flags().reply(ResponseCode.NXDOMAIN, false),
                query.questions(),
                Optional.of(new Edns(1232, 0, false, List.of(cookie, Edns.Option.extendedError(15), cookie)))));
        try (ScriptedUpstream upstream = new ScriptedUpstream(blocked)) {
            Forwarder forwarder =
                    new UpstreamForwarder(List.of(upstream.socket()), List.of(), 1 << 20, InstantSource.system());
            QueryHandler handler = handler(Optional.of(Shop.view()), forwarder);
            byte[] query = query("example.com", RecordType.A, Question.INTERNET, Optional.of(Edns.plain(false)));
            Message answer = answer(handler, query).orElseThrow();
            assertThat(answer.edns().orElseThrow().options()).hasSize(1).allSatisfy(option -> {
                assertThat(option.code()).isEqualTo(15);
                assertThat(option.bytes()).containsExactly(0, 15);
            });
        }
    }
}
