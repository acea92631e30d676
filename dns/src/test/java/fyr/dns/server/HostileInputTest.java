package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.answer.ClusterAnswers;
import fyr.dns.answer.Zone;
import fyr.dns.forward.Forwarder;
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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
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

    private final QueryHandler handler = new QueryHandler(
            new ClusterAnswers(Zone.standard(List.of(), List.of()), new Random(1)),
            () -> Optional.of(Shop.view()),
            Forwarder.none(),
            DnsCounters.none());

    private Optional<byte[]> answer(byte[] packet, boolean tcp) {
        return switch (handler.handle(packet, packet.length, tcp)) {
            case Outcome.Reply(byte[] bytes, var _) -> Optional.of(bytes);
            case Outcome.Later later -> Optional.of(later.bytes().get());
            case Outcome.Nothing() -> Optional.empty();
        };
    }

    @Test
    void noPacketMakesTheHandlerThrow() {
        for (long seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            List<Question> questions = new ArrayList<>();
            for (int i = random.nextInt(8) == 0 ? random.nextInt(700) : 1; i > 0; i--) {
                DnsName name = DnsName.parse(NAMES[random.nextInt(NAMES.length)]);
                questions.add(new Question(name, new RecordType(random.nextInt(260))));
            }
            byte[] packet = MessageWriter.write(
                    Message.of(7, Flags.query(false), questions, Optional.of(Edns.plain(false))), 4096);
            for (int i = random.nextInt(4); i > 0; i--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            try {
                answer(packet, false)
                        .ifPresent(bytes -> assertThat(bytes.length).isLessThanOrEqualTo(1232));
                answer(packet, true).ifPresent(bytes -> assertThat(bytes.length).isLessThanOrEqualTo(0xffff));
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    /**
     * 240 questions in 1954 bytes: two names of 127 labels that differ in the last, and pointers to the second. To find what of each name stands in
     * the message already took 1.25 s of a processor; 61,692 bytes came back.
     */
    private static byte[] packetOfQuestions() {
        ByteBuffer packet = ByteBuffer.allocate(12 + 2 * 257 + 238 * 6);
        packet.putShort(4, (short) 240).position(12);
        int name = 12;
        for (char last : new char[] {'x', 'y'}) {
            name = packet.position();
            for (int label = 0; label < 126; label++) {
                packet.put((byte) 1).put((byte) (label < 125 ? 'a' : last));
            }
            packet.put((byte) 0).putInt(0x00010001);
        }
        while (packet.hasRemaining()) {
            packet.putShort((short) (0xc000 | name)).putInt(0x00010001);
        }
        return packet.array();
    }

    @Test
    void aPacketOfQuestionsIsNeitherReadNorSentBack() {
        byte[] packet = packetOfQuestions();
        assertThat(MessageReader.read(packet, packet.length).questions())
                .as("it can be read")
                .hasSize(240);
        assertThat(answer(packet, false)).hasValueSatisfying(HostileInputTest::isHeaderAlone);
        assertThat(answer(packet, true)).hasValueSatisfying(HostileInputTest::isHeaderAlone);
        byte[] unreadable = Arrays.copyOf(packet, 12);
        assertThat(answer(unreadable, false))
                .as("by its counts alone")
                .hasValueSatisfying(HostileInputTest::isHeaderAlone);
    }

    /** A count is two bytes: 257 questions are not one. */
    @Test
    void everyByteOfACountCounts() {
        ByteBuffer packet = ByteBuffer.allocate(12 + 257 * 5);
        packet.putShort(4, (short) 257).position(12);
        while (packet.hasRemaining()) {
            packet.put((byte) 0).putInt(0x00010001);
        }
        assertThat(MessageReader.read(packet.array(), packet.capacity()).questions())
                .hasSize(257);
        assertThat(answer(packet.array(), false)).hasValueSatisfying(HostileInputTest::isHeaderAlone);
    }

    @Test
    void whatIsShorterThanAHeaderHasNoAnswer() {
        for (int length = 0; length < 12; length++) {
            assertThat(answer(new byte[length], false)).as("%d bytes", length).isEmpty();
        }
        assertThat(answer(new byte[12], false)).hasValueSatisfying(HostileInputTest::isHeaderAlone);
    }

    /** RFC 1995 section 3: the client's serial is in an authority record. RFC 8945 section 5.1: a signature is the last additional one. */
    @Test
    void queriesMayHaveTheRecordsThatTheirKindHas() {
        ResourceRecord soa = new ResourceRecord(
                DnsName.parse("cluster.local"), 0, new RecordData.Soa(DnsName.ROOT, DnsName.ROOT, 7, 0, 0, 0, 0));
        ResourceRecord signature =
                new ResourceRecord(DnsName.parse("key"), 0, new RecordData.Opaque(new RecordType(250), new byte[40]));
        Message ixfr = new Message(
                7,
                Flags.query(false),
                List.of(new Question(DnsName.parse("cluster.local"), RecordType.IXFR)),
                List.of(),
                List.of(soa),
                List.of(),
                Optional.empty());
        assertThat(codeOf(ixfr)).isEqualTo(ResponseCode.REFUSED);
        Message signed = new Message(
                7,
                Flags.query(false),
                List.of(new Question(DnsName.parse("web.shop.svc.cluster.local"), RecordType.A)),
                List.of(),
                List.of(),
                List.of(signature),
                Optional.of(Edns.plain(false)));
        assertThat(codeOf(signed)).isEqualTo(ResponseCode.NOERROR);
    }

    private ResponseCode codeOf(Message query) {
        byte[] bytes = answer(MessageWriter.write(query, 512), false).orElseThrow();
        return MessageReader.read(bytes, bytes.length).code();
    }

    private static void isHeaderAlone(byte[] bytes) {
        assertThat(bytes).hasSize(12);
        assertThat(MessageReader.read(bytes, bytes.length).code()).isEqualTo(ResponseCode.FORMERR);
    }

    @Test
    void recordsThatNoQueryHasAreRefusedByTheirCount() {
        int[][] counts = {{1, 1, 0, 0}, {1, 0, 2, 0}, {1, 0, 0, 3}, {0, 0, 0, 1}};
        for (int[] count : counts) {
            byte[] packet = new byte[12];
            for (int section = 0; section < 4; section++) {
                packet[5 + 2 * section] = (byte) count[section];
            }
            assertThat(answer(packet, false))
                    .as(Arrays.toString(count))
                    .hasValueSatisfying(HostileInputTest::isHeaderAlone);
        }
    }

    /** RFC 2136 section 2.4.2: "the RRset exists" has no data, whatever its type, and is no record of a query. */
    @Test
    void anUpdateIsNotImplementedWhateverIsInIt() {
        byte[] update = new byte[12 + 5 + 11];
        update[2] = 5 << 3;
        update[5] = 1; // the zone
        update[7] = 1; // a prerequisite
        update[14] = 6; // SOA
        update[16] = 1;
        update[19] = 1; // A
        Message answer = answer(update, false)
                .map(bytes -> MessageReader.read(bytes, bytes.length))
                .orElseThrow();
        assertThat(answer.code()).isEqualTo(ResponseCode.NOTIMP);
        assertThat(answer.flags().opcode()).isEqualTo(5);
    }
}
