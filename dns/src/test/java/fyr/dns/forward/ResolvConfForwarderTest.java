package fyr.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.message.DnsName;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvConfForwarderTest {

    private static final ForwardedQuestion QUESTION =
            new ForwardedQuestion(new Question(DnsName.parse("a.test"), RecordType.A), false, false);
    private final SetClock clock = new SetClock();
    private final List<List<IpAddress>> made = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void place() {
        file = folder.resolve("resolv.conf");
    }

    /** Answers with the first server's address. */
    private record Servers(IpAddress first) implements Forwarder {
        @Override
        public Optional<Message> remembered(ForwardedQuestion question) {
            return Optional.of(resolve(question));
        }

        @Override
        public Message resolve(ForwardedQuestion question) {
            Message query = Message.of(0, Flags.query(false), List.of(question.question()), Optional.empty());
            return first instanceof Ipv4Address
                    ? ScriptedUpstream.reply(query, ResponseCode.NOERROR, first.toString())
                    : ScriptedUpstream.reply(query, ResponseCode.NOERROR);
        }
    }

    private ResolvConfForwarder forwarder() {
        return new ResolvConfForwarder(
                file,
                servers -> {
                    made.add(servers);
                    return new Servers(servers.getFirst());
                },
                clock);
    }

    private void write(String... servers) throws IOException {
        StringBuilder text = new StringBuilder();
        List.of(servers)
                .forEach(server -> text.append("nameserver ").append(server).append('\n'));
        Files.writeString(file, text);
    }

    private String answer(ResolvConfForwarder forwarder) {
        clock.pass(ResolvConfForwarder.FRESH);
        return forwarder.resolve(QUESTION).toString();
    }

    @Test
    void aFileThatIsMissingOrEmptyAtTheStartHeals() throws Exception {
        ResolvConfForwarder forwarder = forwarder();
        assertThat(forwarder.remembered(QUESTION)).isEmpty();
        assertThat(answer(forwarder)).contains("SERVFAIL");
        write();
        assertThat(answer(forwarder)).contains("SERVFAIL");
        write("192.0.2.1");
        assertThat(answer(forwarder)).contains("192.0.2.1");
        assertThat(forwarder.remembered(QUESTION)).isPresent();
    }

    @Test
    void otherServersAreTakenWithinSeconds() throws Exception {
        write("192.0.2.1");
        ResolvConfForwarder forwarder = forwarder();
        assertThat(forwarder.resolve(QUESTION).toString()).contains("192.0.2.1");
        write("192.0.2.2");
        assertThat(forwarder.resolve(QUESTION).toString()).as("at once").contains("192.0.2.1");
        assertThat(answer(forwarder)).contains("192.0.2.2");
        write("192.0.2.2");
        assertThat(answer(forwarder)).contains("192.0.2.2");
        assertThat(made).as("what is remembered of them stays with them").hasSize(2);
    }

    @Test
    void serversAreKeptWhileTheFileNamesNone() throws Exception {
        write("192.0.2.1");
        ResolvConfForwarder forwarder = forwarder();
        Files.writeString(file, "");
        assertThat(answer(forwarder)).contains("192.0.2.1");
        Files.delete(file);
        assertThat(answer(forwarder)).contains("192.0.2.1");
    }

    @Test
    void theFileIsReadAgainWhoeverAsks() throws Exception {
        write("192.0.2.1");
        ResolvConfForwarder forwarder = forwarder();
        for (String server : List.of("192.0.2.2", "2001:db8::3", "192.0.2.4")) {
            write(server);
            clock.pass(ResolvConfForwarder.FRESH);
            List<Message> answers = new CopyOnWriteArrayList<>();
            Thread.ofVirtual()
                    .start(() -> answers.add(forwarder.resolve(QUESTION)))
                    .join();
            assertThat(answers).hasSize(1);
            assertThat(made).last().isEqualTo(List.of(IpAddress.parse(server)));
        }
    }

    @Test
    void aClockThatIsSetBackDelaysNothing() throws Exception {
        write("192.0.2.1");
        ResolvConfForwarder forwarder = forwarder();
        write("192.0.2.2");
        clock.pass(Duration.ofDays(-365));
        assertThat(forwarder.resolve(QUESTION).toString()).contains("192.0.2.2");
    }
}
