package fyr.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.message.DnsName;
import fyr.dns.message.Edns;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ForwarderTest {

    private static final Question NAME = new Question(DnsName.parse("a.test"), RecordType.AAAA);

    /** Remembers and finds out the same answer. */
    private record Known(Message answer) implements Forwarder {
        @Override
        public Optional<Message> remembered(ForwardedQuestion question) {
            return Optional.of(answer);
        }

        @Override
        public Message resolve(ForwardedQuestion question) {
            return answer;
        }
    }

    @Test
    void aFailureRepeatsTheQuestionAndSaysThatNoServerWasReached() {
        for (boolean set : List.of(true, false)) {
            Message failure = Forwarder.none().resolve(new ForwardedQuestion(NAME, set, !set));
            assertThat(failure.questions()).containsExactly(NAME);
            assertThat(failure.code()).isEqualTo(ResponseCode.SERVFAIL);
            assertThat(failure.flags().response()).isTrue();
            assertThat(failure.flags().checkingDisabled()).isEqualTo(!set);
            assertThat(failure.edns()).hasValueSatisfying(edns -> {
                assertThat(edns.dnssecOk()).isEqualTo(set);
                assertThat(edns.options()).hasSize(1).allSatisfy(option -> {
                    assertThat(option.code()).as("RFC 8914: extended error").isEqualTo(15);
                    assertThat(option.bytes()).as("No Reachable Authority").containsExactly(0, 22);
                });
            });
        }
    }

    @Test
    void theCurrentForwarderIsAskedEachTime() {
        ForwardedQuestion question = new ForwardedQuestion(NAME, false, false);
        AtomicReference<Forwarder> now = new AtomicReference<>(Forwarder.none());
        Forwarder current = Forwarder.current(now::get);
        assertThat(current.remembered(question)).isEmpty();
        assertThat(current.resolve(question).code()).isEqualTo(ResponseCode.SERVFAIL);
        Message answer = Message.of(
                1,
                Flags.query(false).reply(ResponseCode.NXDOMAIN, false),
                List.of(NAME),
                Optional.of(Edns.plain(false)));
        now.set(new Known(answer));
        assertThat(current.remembered(question)).contains(answer);
        assertThat(current.resolve(question)).isEqualTo(answer);
    }
}
