package fyr.dns.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Section;

class MessageTest {

    @Test
    void roundTripsAndDnsjavaReadsTheSame() throws Exception {
        for (long seed = 0; seed < 2000; seed++) {
            Message message = random(new Random(seed));
            byte[] bytes = MessageWriter.write(message, 0xffff);
            assertThat(MessageReader.read(bytes, bytes.length))
                    .as("seed %d", seed)
                    .isEqualTo(message);
            org.xbill.DNS.Message oracle = new org.xbill.DNS.Message(bytes);
            assertThat(oracle.getSection(Section.ANSWER))
                    .as("seed %d", seed)
                    .hasSize(message.answers().size());
            byte[] theirs = oracle.toWire();
            assertThat(MessageReader.read(theirs, theirs.length))
                    .as("dnsjava, seed %d", seed)
                    .isEqualTo(message);
        }
    }

    @Test
    void mutatedBytesAreReadOrRefusedInOneWay() {
        for (long seed = 0; seed < 50_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = MessageWriter.write(random(random), 0xffff);
            for (int i = random.nextInt(8); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? 0xc0 : random.nextInt());
            }
            int length = random.nextInt(bytes.length + 1);
            try {
                MessageReader.read(bytes, length);
            } catch (MalformedMessageException expected) {
                continue;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void whatDoesNotFitIsCutAndMarked() {
        DnsName name = DnsName.parse("db.shop.svc.cluster.local");
        List<ResourceRecord> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(new ResourceRecord(name, 5, new RecordData.A(new Ipv4Address(i))));
        }
        Flags flags = Flags.query(false).reply(ResponseCode.NOERROR, true);
        Question question = new Question(name, RecordType.A);
        Message message =
                new Message(1, flags, List.of(question), many, List.of(), List.of(), Optional.of(Edns.plain(false)));
        byte[] bytes = MessageWriter.write(message, 512);
        Message read = MessageReader.read(bytes, bytes.length);
        assertThat(bytes.length).isBetween(480, 512);
        assertThat(read.flags().truncated()).isTrue();
        assertThat(read.answers()).isEqualTo(many.subList(0, read.answers().size()));
        assertThat(read.edns()).isPresent();
    }

    @Test
    void questionsAndOptionsStayWithinTheLimitToo() {
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            questions.add(new Question(DnsName.parse("q" + i + ".test"), RecordType.A));
        }
        Edns edns = new Edns(1232, 0, false, List.of(new Edns.Option(15, new byte[60_000])));
        byte[] bytes = MessageWriter.write(Message.of(1, Flags.query(false), questions, Optional.of(edns)), 512);
        Message read = MessageReader.read(bytes, bytes.length);
        assertThat(bytes.length).isBetween(480, 512);
        assertThat(read.questions())
                .isEqualTo(questions.subList(0, read.questions().size()));
        assertThat(read.flags().truncated()).isTrue();
        assertThat(read.edns()).contains(Edns.plain(false));
    }

    /** A record whose data are pointers, each to the one before it, and a record whose name is the last. */
    private static byte[] pointers(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(23 + 1 + 2 * count + 10);
        bytes.putShort(6, (short) 2).position(13);
        bytes.putShort((short) 99)
                .putShort((short) 1)
                .putInt(0)
                .putShort((short) (1 + 2 * (count - 1)))
                .put((byte) 0);
        for (int target = 23; bytes.remaining() > 10; target = bytes.position() - 2) {
            bytes.putShort((short) (0xc000 | target));
        }
        return bytes.putShort((short) 99).array();
    }

    @Test
    void aNameIsFollowedThroughSoManyPointers() {
        byte[] enough = pointers(127);
        assertThat(MessageReader.read(enough, enough.length).answers()).hasSize(2);
        byte[] tooMany = pointers(128);
        assertThatThrownBy(() -> MessageReader.read(tooMany, tooMany.length))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("too many");
    }

    @Test
    void aFrameHoldsNoMoreThanItsLengthSays() {
        assertThat(MessageWriter.frame(new byte[0xffff])).hasSize(0x10001).startsWith(0xff, 0xff);
        assertThatThrownBy(() -> MessageWriter.frame(new byte[0x10000])).isInstanceOf(IllegalArgumentException.class);
    }

    private static Message random(Random random) {
        Flags flags = Flags.ofBits(random.nextInt(0x10000) & ~0x0040 & ~0x7800, 0);
        List<ResourceRecord> answers = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            answers.add(new ResourceRecord(name(random), random.nextInt(100_000), data(random)));
        }
        Optional<Edns> edns = random.nextBoolean() ? Optional.of(Edns.plain(random.nextBoolean())) : Optional.empty();
        Question question = new Question(name(random), RecordType.A);
        return new Message(random.nextInt(0x10000), flags, List.of(question), answers, List.of(), List.of(), edns);
    }

    private static DnsName name(Random random) {
        String[] labels = {"web", "Shop", "svc", "cluster", "local", "x\\.y", "\\001"};
        DnsName name = DnsName.ROOT;
        for (int i = random.nextInt(5); i > 0; i--) {
            name = name.below(labels[random.nextInt(labels.length)]);
        }
        return name;
    }

    private static RecordData data(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> new RecordData.A(new Ipv4Address(random.nextInt()));
            case 1 -> new RecordData.Aaaa(new Ipv6Address(random.nextLong(), random.nextLong()));
            case 2 -> new RecordData.Srv(random.nextInt(9), random.nextInt(100), random.nextInt(0x10000), name(random));
            case 3 -> new RecordData.Ptr(name(random));
            case 4 -> new RecordData.Cname(name(random));
            case 5 -> new RecordData.Ns(name(random));
            case 6 -> new RecordData.Soa(name(random), name(random), random.nextInt(99), 1, 2, 3, 0xffffffffL);
            default -> new RecordData.Txt(List.of("a b", "1.1.0"));
        };
    }
}
