package fyr.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.message.DnsName;
import fyr.dns.message.Edns;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.Question;
import fyr.dns.message.RecordData;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResourceRecord;
import fyr.dns.message.ResponseCode;
import fyr.model.address.Ipv4Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {

    private static final DnsName ZONE = DnsName.parse("test");
    private final SetClock clock = new SetClock();
    private final AnswerCache cache = new AnswerCache(1 << 20, clock);

    private static ForwardedQuestion question(String name) {
        return new ForwardedQuestion(new Question(DnsName.parse(name), RecordType.A), false, false);
    }

    private static ResourceRecord address(String name, long ttl) {
        return new ResourceRecord(DnsName.parse(name), ttl, new RecordData.A(new Ipv4Address(1)));
    }

    private static ResourceRecord soa(long ttl, long minimum) {
        return new ResourceRecord(ZONE, ttl, new RecordData.Soa(ZONE, ZONE, 1, 2, 3, 4, minimum));
    }

    private static Message message(ResponseCode code, List<ResourceRecord> answers, List<ResourceRecord> authorities) {
        return new Message(
                0, Flags.query(false).reply(code, false), List.of(), answers, authorities, List.of(), Optional.empty());
    }

    private long remembersFor(Message message) {
        cache.put(question("a.test"), message);
        for (long seconds = 0; seconds < 10_000; seconds++) {
            if (cache.get(question("a.test")).isEmpty()) {
                return seconds;
            }
            clock.pass(Duration.ofSeconds(1));
        }
        return Long.MAX_VALUE;
    }

    @Test
    void ttlsAreCountedDownUntilTheShortestEnds() {
        cache.put(
                question("a.test"),
                message(
                        ResponseCode.NOERROR,
                        List.of(address("a.test", 30), address("a.test", 60)),
                        List.of(soa(20, 1))));
        clock.pass(Duration.ofSeconds(29));
        Message aged = cache.get(question("A.test")).orElseThrow();
        assertThat(aged.answers()).extracting(ResourceRecord::ttl).containsExactly(1L, 31L);
        assertThat(aged.authorities()).extracting(ResourceRecord::ttl).containsExactly(0L);
        clock.pass(Duration.ofSeconds(1));
        assertThat(cache.get(question("a.test"))).isEmpty();
        assertThat(cache.held()).isZero();
    }

    @Test
    void howLongWhatIsRemembered() {
        List<ResourceRecord> none = List.of();
        assertThat(remembersFor(message(ResponseCode.NOERROR, List.of(address("a.test", 0)), none)))
                .isZero();
        assertThat(remembersFor(message(ResponseCode.NOERROR, List.of(address("a.test", 100_000)), none)))
                .isEqualTo(3600);
        // RFC 2308 section 5: the lesser of the SOA's TTL and its minimum
        assertThat(remembersFor(message(ResponseCode.NXDOMAIN, none, List.of(soa(60, 7)))))
                .isEqualTo(7);
        assertThat(remembersFor(message(ResponseCode.NXDOMAIN, none, List.of(soa(7, 60)))))
                .isEqualTo(7);
        assertThat(remembersFor(message(ResponseCode.NOERROR, none, List.of(soa(60, 8)))))
                .isEqualTo(8);
        assertThat(remembersFor(message(ResponseCode.NXDOMAIN, none, List.of(soa(9999, 9999)))))
                .isEqualTo(300);
        assertThat(remembersFor(message(ResponseCode.NXDOMAIN, List.of(address("a.test", 3)), List.of(soa(60, 60)))))
                .as("the end of an alias")
                .isEqualTo(3);
        // RFC 2308 section 5: without an SOA a denial should not be kept
        assertThat(remembersFor(message(ResponseCode.NXDOMAIN, none, none))).isZero();
        assertThat(remembersFor(message(ResponseCode.SERVFAIL, none, none))).isEqualTo(1);
        assertThat(remembersFor(message(ResponseCode.REFUSED, none, List.of(soa(60, 60)))))
                .isEqualTo(1);
    }

    @Test
    void anAliasThatEndsInNothingIsADenial() {
        ResourceRecord alias =
                new ResourceRecord(DnsName.parse("a.test"), 600, new RecordData.Cname(DnsName.parse("b.test")));
        assertThat(remembersFor(message(ResponseCode.NOERROR, List.of(alias), List.of(soa(60, 7)))))
                .isEqualTo(7);
        assertThat(remembersFor(message(ResponseCode.NOERROR, List.of(alias), List.of())))
                .as("RFC 2308 section 5: without an SOA")
                .isZero();
        assertThat(remembersFor(message(ResponseCode.NOERROR, List.of(alias, address("b.test", 30)), List.of())))
                .isEqualTo(30);
        for (RecordType asked : List.of(RecordType.CNAME, RecordType.ANY)) {
            ForwardedQuestion question =
                    new ForwardedQuestion(new Question(DnsName.parse("a.test"), asked), false, false);
            cache.put(question, message(ResponseCode.NOERROR, List.of(alias), List.of()));
            assertThat(cache.get(question))
                    .as("the alias is what was asked for")
                    .isPresent();
        }
    }

    @Test
    void questionsThatDifferInDoOrCdAreApart() {
        Question question = new Question(DnsName.parse("a.test"), RecordType.A);
        cache.put(
                new ForwardedQuestion(question, true, false),
                message(ResponseCode.NOERROR, List.of(address("a.test", 30)), List.of()));
        assertThat(cache.get(new ForwardedQuestion(question, false, false))).isEmpty();
        assertThat(cache.get(new ForwardedQuestion(question, true, true))).isEmpty();
        assertThat(cache.get(new ForwardedQuestion(question, true, false))).isPresent();
    }

    @Test
    void aClockSetBackMakesNothingOlder() {
        cache.put(question("a.test"), message(ResponseCode.NOERROR, List.of(address("a.test", 30)), List.of()));
        clock.pass(Duration.ofDays(-1));
        assertThat(cache.get(question("a.test"))).isEmpty();
    }

    @Test
    void whatWasUnusedForLongestLeavesFirst() {
        Message message = message(ResponseCode.NOERROR, List.of(address("a.test", 60)), List.of());
        AnswerCache small = new AnswerCache(100 * CacheWeight.of(message), clock);
        for (int i = 0; i < 100; i++) {
            small.put(question(i + ".test"), message);
        }
        assertThat(small.get(question("0.test"))).isPresent();
        small.put(question("new.test"), message);
        assertThat(small.get(question("0.test"))).isPresent();
        assertThat(small.get(question("1.test"))).isEmpty();
        assertThat(small.get(question("new.test"))).isPresent();
    }

    @Test
    void theBytesHeldStayWithinTheLimit() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int limit = 1 << 14 + random.nextInt(4);
            AnswerCache bounded = new AnswerCache(limit, clock);
            for (int i = 0; i < 2000; i++) {
                List<ResourceRecord> answers = new ArrayList<>();
                for (int n = random.nextInt(40); n > 0; n--) {
                    RecordData data = new RecordData.Opaque(new RecordType(99), new byte[random.nextInt(2000)]);
                    answers.add(new ResourceRecord(ZONE, 1 + random.nextInt(9), data));
                }
                ForwardedQuestion question = question("n" + random.nextInt(200) + ".test");
                answers.add(address("a.test", 9));
                bounded.put(question, message(ResponseCode.NOERROR, answers, List.of()));
                bounded.get(question("n" + random.nextInt(200) + ".test"));
                clock.pass(Duration.ofSeconds(random.nextInt(2)));
                assertThat(bounded.held()).as("seed %d", seed).isBetween(0, limit);
            }
        }
    }

    @Test
    void anAnswerTakesThePlaceOfTheOneBefore() {
        Message small = message(ResponseCode.NOERROR, List.of(address("a.test", 60)), List.of());
        Message large = message(ResponseCode.NOERROR, List.of(address("a.test", 60), address("a.test", 60)), List.of());
        cache.put(question("a.test"), large);
        assertThat(cache.held()).isEqualTo(CacheWeight.of(large));
        cache.put(question("a.test"), small);
        assertThat(cache.held()).isEqualTo(CacheWeight.of(small));
        assertThat(cache.get(question("a.test"))).contains(small);
        cache.put(question("b.test"), large);
        assertThat(cache.held()).isEqualTo(CacheWeight.of(small) + CacheWeight.of(large));
    }

    @Test
    void whatIsNotRememberedTakesNoMemory() {
        cache.put(question("a.test"), message(ResponseCode.NOERROR, List.of(address("a.test", 0)), List.of()));
        cache.put(question("b.test"), message(ResponseCode.NXDOMAIN, List.of(), List.of()));
        assertThat(cache.held()).isZero();
    }

    /** Otherwise one name with a huge answer would drive out everything that others ask for. */
    @Test
    void oneAnswerMayTakeASixteenthOfTheMemory() {
        Message message = message(ResponseCode.NOERROR, List.of(address("a.test", 60)), List.of());
        AnswerCache enough = new AnswerCache(16 * CacheWeight.of(message), clock);
        enough.put(question("a.test"), message);
        assertThat(enough.get(question("a.test"))).isPresent();
        AnswerCache tooSmall = new AnswerCache(16 * CacheWeight.of(message) - 1, clock);
        tooSmall.put(question("a.test"), message);
        assertThat(tooSmall.get(question("a.test"))).isEmpty();
    }

    /** As with DNSSEC: signatures and proofs come with the SOA, in any order. */
    @Test
    void theSoaOfADenialIsFoundAmongOtherRecords() {
        ResourceRecord proof =
                new ResourceRecord(ZONE, 3, new RecordData.Opaque(new RecordType(47), new byte[] {0, 0, 1}));
        assertThat(remembersFor(message(ResponseCode.NXDOMAIN, List.of(), List.of(proof, soa(60, 7), proof))))
                .isEqualTo(7);
        assertThat(remembersFor(message(ResponseCode.NXDOMAIN, List.of(), List.of(proof))))
                .as("without an SOA")
                .isZero();
    }

    @Test
    void everyKindOfDataHasAWeight() {
        Edns edns = new Edns(512, 0, false, List.of(new Edns.Option(15, new byte[1000])));
        List<RecordData> all = List.of(
                new RecordData.A(new Ipv4Address(1)),
                new RecordData.Cname(ZONE),
                new RecordData.Ns(ZONE),
                new RecordData.Ptr(ZONE),
                new RecordData.Srv(0, 0, 0, ZONE),
                new RecordData.Txt(List.of("x".repeat(255))),
                new RecordData.Soa(ZONE, ZONE, 1, 2, 3, 4, 5));
        List<ResourceRecord> records =
                all.stream().map(data -> new ResourceRecord(ZONE, 1, data)).toList();
        Message without = message(ResponseCode.NOERROR, List.of(), List.of());
        Message with = new Message(0, without.flags(), List.of(), records, List.of(), List.of(), Optional.of(edns));
        assertThat(CacheWeight.of(with)).isGreaterThan(CacheWeight.of(without) + 1000 + 255 + 7 * 80);
    }
}
