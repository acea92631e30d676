package fyr.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.message.DnsName;
import fyr.dns.message.Edns;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.MessageReader;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import fyr.dns.message.RecordData;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResourceRecord;
import fyr.dns.message.ResponseCode;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The estimate against the heap that the virtual machine says is in use. */
class CacheWeightTest {

    private static final int MESSAGES = 2000;
    private static final int RECORDS = 10;
    private static final DnsName SHORT = DnsName.parse("a.test");
    private static final DnsName LONG = DnsName.parse(("x".repeat(60) + ".").repeat(3) + "test");

    /** What a message is full of. */
    private enum Kind {
        NOTHING(_ -> List.of()),
        A(_ -> List.of(new RecordData.A(new Ipv4Address(1)))),
        AAAA(_ -> List.of(new RecordData.Aaaa(Ipv6Address.parse("2001:db8::1")))),
        SRV(name -> List.of(new RecordData.Srv(1, 2, 3, name))),
        PTR(name -> List.of(new RecordData.Ptr(name))),
        CNAME(name -> List.of(new RecordData.Cname(name))),
        NS(name -> List.of(new RecordData.Ns(name))),
        SOA(name -> List.of(new RecordData.Soa(name, name, 1, 2, 3, 4, 5))),
        TXT(name -> List.of(new RecordData.Txt(List.of("v=1", "x".repeat(name.length()))))),
        OPAQUE(name -> List.of(new RecordData.Opaque(new RecordType(99), new byte[name.length()])));

        private final Function<DnsName, List<RecordData>> data;

        Kind(Function<DnsName, List<RecordData>> data) {
            this.data = data;
        }

        /** A message with such records in a section, and with as many bytes in an option as the name has. */
        Message message(DnsName name, int section) {
            List<ResourceRecord> records = IntStream.range(0, RECORDS)
                    .boxed()
                    .flatMap(_ -> data.apply(name).stream())
                    .map(one -> new ResourceRecord(name, 60, one))
                    .toList();
            List<List<ResourceRecord>> sections = IntStream.range(0, 3)
                    .mapToObj(i -> i == section ? records : List.<ResourceRecord>of())
                    .toList();
            return new Message(
                    1,
                    Flags.query(false).reply(ResponseCode.NOERROR, false),
                    List.of(new Question(name, RecordType.A)),
                    sections.get(0),
                    sections.get(1),
                    sections.get(2),
                    Optional.of(new Edns(1232, 0, false, List.of(new Edns.Option(15, new byte[name.length()])))));
        }
    }

    /** Only one collection of four moves everything together (MarkSweepAlwaysCompactCount of the serial collector). */
    private static long heap() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** What is loaded and made once is no message's. */
    @BeforeAll
    static void measureOnceInVain() {
        heapTaken(MessageWriter.write(Kind.A.message(SHORT, 0), 0xffff));
    }

    /** The limit of the cache is a promise about memory: it holds only if no message takes more than is counted for it. */
    @ParameterizedTest
    @EnumSource
    void aRememberedMessageTakesNoMoreHeapThanItWeighs(Kind kind) {
        for (DnsName name : List.of(SHORT, LONG)) {
            byte[] bytes = MessageWriter.write(kind.message(name, 0), 0xffff);
            long weight = fill(bytes).held();
            assertThat(heapTaken(bytes)).as("%s of %s", kind, name).isBetween(weight / 3, weight);
        }
    }

    private static long heapTaken(byte[] bytes) {
        long before = heap();
        AnswerCache cache = fill(bytes);
        long taken = heap() - before;
        Reference.reachabilityFence(cache);
        return taken;
    }

    private static AnswerCache fill(byte[] bytes) {
        AnswerCache cache = new AnswerCache(1 << 30, new SetClock());
        for (int i = 0; i < MESSAGES; i++) {
            Question question = new Question(DnsName.parse(i + ".test"), RecordType.CNAME);
            Message message = MessageReader.read(bytes, bytes.length);
            cache.put(new ForwardedQuestion(question, false, false), failed(message));
        }
        return cache;
    }

    /** Remembered whatever its records are. */
    private static Message failed(Message message) {
        return new Message(
                message.id(),
                message.flags().reply(ResponseCode.SERVFAIL, false),
                message.questions(),
                message.answers(),
                message.authorities(),
                message.additionals(),
                message.edns());
    }

    @ParameterizedTest
    @EnumSource
    void theSectionOfARecordMakesNoDifference(Kind kind) {
        int answer = CacheWeight.of(kind.message(LONG, 0));
        assertThat(CacheWeight.of(kind.message(LONG, 1))).isEqualTo(answer);
        assertThat(CacheWeight.of(kind.message(LONG, 2))).isEqualTo(answer);
    }
}
