package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.answer.ClusterAnswers;
import fyr.dns.forward.Forwarder;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerMemoTest {

    private static final String[] NAMES = {
        "web.shop.svc.cluster.local", "plain.shop.svc.cluster.local", "db-7.db.shop.svc.cluster.local",
                "alias.shop.svc.cluster.local",
        "www.example.com.svc.cluster.local", "_http._tcp.web.shop.svc.cluster.local", "db.shop.svc.cluster.local",
                "7.0.96.10.in-addr.arpa",
        "pair.shop.svc.cluster.local", "example.com", "cluster.local", "."
    };
    private final List<String> told = new ArrayList<>();
    private Optional<DnsView> view = Optional.of(Shop.view());
    private final DnsCounters counters = new DnsCounters() {
        @Override
        public void answered(RecordType type, ResponseCode code, Source source) {
            told.add(type + " " + code + " " + source);
        }

        @Override
        public void dropped() {}

        @Override
        public void limited(InetAddress client) {}
    };
    private final QueryHandler handler =
            new QueryHandler(new ClusterAnswers(Shop.ZONE, new Random(1)), () -> view, Forwarder.none(), counters);
    private final AnswerMemo memo = new AnswerMemo(() -> view, counters);

    private static byte[] query(int id, String name, RecordType type, boolean checking, Optional<Edns> edns) {
        Question question = new Question(DnsName.parse(name), type);
        return MessageWriter.write(Message.of(id, Flags.query(!checking), List.of(question), edns), 512);
    }

    private static byte[] query(String name) {
        return query(7, name, RecordType.A, true, Optional.empty());
    }

    /** As a listener does. */
    private byte[] answer(byte[] query) {
        Optional<byte[]> known = memo.find(query, query.length);
        return known.orElseGet(() -> switch (handler.handle(query, query.length, false)) {
            case Outcome.Reply(byte[] bytes, boolean lasting) -> {
                if (lasting) {
                    memo.remember(bytes);
                }
                yield bytes;
            }
            case Outcome.Later later -> later.bytes().get();
            case Outcome.Nothing() -> throw new AssertionError("a query has an answer");
        });
    }

    private static Message read(byte[] bytes) {
        return MessageReader.read(bytes, bytes.length);
    }

    private static String inSomeCase(String name, Random random) {
        StringBuilder text = new StringBuilder();
        name.chars().forEach(c -> text.append((char) (random.nextBoolean() ? c : Character.toUpperCase(c))));
        return text.toString();
    }

    @Test
    void whatIsRememberedIsWhatWouldBeAnswered() {
        int hits = 0;
        for (long seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            String name = inSomeCase(NAMES[random.nextInt(NAMES.length)], random);
            RecordType type = List.of(RecordType.A, RecordType.AAAA, RecordType.SRV, RecordType.PTR)
                    .get(random.nextInt(4));
            Optional<Edns> edns = random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(new Edns(512 + 720 * random.nextInt(2), 0, random.nextBoolean(), List.of()));
            byte[] query = query(random.nextInt(0x10000), name, type, random.nextBoolean(), edns);
            told.clear();
            boolean hit = memo.find(query, query.length).isPresent();
            hits += hit ? 1 : 0;
            byte[] remembered = answer(query);
            byte[] made = ((Outcome.Reply) replyOf(query)).bytes();
            Message answer = read(remembered);
            assertThat(answer.questions().getFirst().name().toString())
                    .isEqualTo(DnsName.parse(name).toString());
            if (answer.answers().size() < 2) {
                assertThat(DigText.of(answer, 0))
                        .as("seed %d: %s %s", seed, name, type)
                        .isEqualToIgnoringCase(DigText.of(read(made), 0));
            } else {
                assertThat(hit)
                        .as("an answer of several records has no lasting order")
                        .isFalse();
            }
            assertThat(told.stream().distinct()).as("counted alike").hasSize(1);
        }
        assertThat(hits).isGreaterThan(2000);
    }

    private Outcome replyOf(byte[] query) {
        return switch (handler.handle(query, query.length, false)) {
            case Outcome.Later later -> new Outcome.Reply(later.bytes().get());
            case Outcome.Reply reply -> reply;
            case Outcome.Nothing nothing -> nothing;
        };
    }

    @Test
    void anotherViewIsSeenAtOnce() {
        answer(query("web.shop.svc.cluster.local"));
        assertThat(memo.find(query("WEB.shop.svc.cluster.local"), 44)).isPresent();
        view = Optional.of(DnsView.empty());
        assertThat(read(answer(query("web.shop.svc.cluster.local"))).code()).isEqualTo(ResponseCode.NXDOMAIN);
        view = Optional.empty();
        assertThat(read(answer(query("web.shop.svc.cluster.local"))).code()).isEqualTo(ResponseCode.SERVFAIL);
        view = Optional.of(Shop.view());
        assertThat(read(answer(query("web.shop.svc.cluster.local"))).answers()).hasSize(1);
    }

    @Test
    void bytesThatAreNoUsualQueryAreNeitherFoundNorKept() {
        byte[] query = query("web.shop.svc.cluster.local");
        byte[] answer = answer(query);
        for (int length = 0; length < query.length; length++) {
            assertThat(memo.find(query, length)).isEmpty();
            memo.remember(answer);
        }
        for (int length = 0; length < query.length; length++) {
            assertThat(memo.find(Arrays.copyOf(query, length), length)).isEmpty();
        }
        for (long seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] packet = new byte[random.nextInt(4096)];
            random.nextBytes(packet);
            assertThat(memo.find(packet, packet.length)).isEmpty();
        }
        for (int at = 2; at < query.length; at++) {
            byte[] other = query.clone();
            other[at] ^= 0x40; // of another length, type, class, letter or flag
            assertThat(memo.find(other, other.length)).as("byte %d", at).isEmpty();
        }
        assertThat(memo.find(query, query.length)).isPresent();
    }

    @Test
    void aRememberedAnswerIsCountedLikeTheFirst() {
        for (RecordType type : List.of(RecordType.A, RecordType.AAAA, new RecordType(257))) {
            told.clear();
            for (int i = 0; i < 3; i++) {
                answer(query(i, "no.shop.svc.cluster.local", type, true, Optional.empty()));
            }
            assertThat(told).hasSize(3).containsOnly(type + " NXDOMAIN CLUSTER");
        }
    }

    @Test
    void everyLetterIsFoundInBothCases() {
        String alphabet = "abcdefghijklmnopqrstuvwxyz.shop.svc.cluster.local";
        answer(query(alphabet));
        byte[] upper = query(alphabet.toUpperCase(Locale.ROOT));
        assertThat(memo.find(upper, upper.length))
                .hasValueSatisfying(answer -> assertThat(Arrays.copyOfRange(answer, 12, upper.length - 4))
                        .as("the question in its own case")
                        .isEqualTo(Arrays.copyOfRange(upper, 12, upper.length - 4)));
    }

    /** They are as far apart as the two cases of a letter. */
    @Test
    void whatIsNoLetterHasNoCase() {
        for (int octet : new int[] {'@', '[', 0x00, 0xc1}) {
            byte[] query = query("x.shop.svc.cluster.local");
            query[13] = (byte) octet;
            answer(query);
            assertThat(memo.find(query, query.length)).isPresent();
            query[13] = (byte) (octet ^ 0x20);
            assertThat(memo.find(query, query.length)).as("%x", octet).isEmpty();
        }
        String name = "no.shop.svc.cluster.local";
        answer(query(7, name, new RecordType(0x4141), true, Optional.empty()));
        for (int type : List.of(0x6141, 0x4161)) {
            byte[] other = query(7, name, new RecordType(type), true, Optional.empty());
            assertThat(memo.find(other, other.length)).as("type %x", type).isEmpty();
        }
    }

    @Test
    void theLongestNameIsRememberedAndALongerOneHarmsNothing() {
        String longest = ("x".repeat(62) + ".").repeat(3) + "y".repeat(50) + ".cluster.local";
        byte[] query = query(7, longest, RecordType.A, true, Optional.of(Edns.plain(false)));
        assertThat(query).as("a name of 255 bytes").hasSize(12 + 255 + 4 + 11);
        answer(query);
        assertThat(memo.find(query, query.length)).isPresent();
        byte[] longer = new byte[query.length + 1];
        System.arraycopy(query, 0, longer, 0, 13);
        System.arraycopy(query, 13, longer, 14, query.length - 13);
        longer[12]++; // the first label has one byte more
        longer[13] = 'x';
        assertThat(memo.find(longer, longer.length)).isEmpty();
        assertThat(read(answer(longer)).code()).isEqualTo(ResponseCode.FORMERR);
    }
}
