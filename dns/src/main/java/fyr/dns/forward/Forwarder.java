package fyr.dns.forward;

import fyr.dns.message.Edns;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.ResponseCode;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds out what others know. Safe on any thread. */
public interface Forwarder {

    /** An answer that is remembered, its TTLs counted down. Never blocks. */
    Optional<Message> remembered(ForwardedQuestion question);

    /** An answer, asked of upstream servers if need be; SERVFAIL if none could be had. Blocks for 4.5 seconds at most. */
    Message resolve(ForwardedQuestion question);

    /**
     * Without any upstream. SERVFAIL, as nothing is known of the name: NXDOMAIN would be believed and remembered, and musl treats REFUSED no
     * better (both wait out its five seconds) while glibc goes on to the next name at once in both cases.
     */
    static Forwarder none() {
        return new Forwarder() {
            @Override
            public Optional<Message> remembered(ForwardedQuestion question) {
                return Optional.empty(); // what is not known is not remembered either
            }

            @Override
            public Message resolve(ForwardedQuestion question) {
                return failure(question);
            }
        };
    }

    /** The one that the supplier gives, asked for with every question. */
    static Forwarder current(Supplier<? extends Forwarder> now) {
        return new Forwarder() {
            @Override
            public Optional<Message> remembered(ForwardedQuestion question) {
                return now.get().remembered(question);
            }

            @Override
            public Message resolve(ForwardedQuestion question) {
                return now.get().resolve(question);
            }
        };
    }

    /** SERVFAIL with the extended error "No Reachable Authority" (RFC 8914 section 4.23). */
    static Message failure(ForwardedQuestion question) {
        Flags flags = Flags.query(question.checkingDisabled()).reply(ResponseCode.SERVFAIL, false);
        Edns edns = new Edns(Edns.SAFE_PAYLOAD, 0, question.dnssecOk(), List.of(Edns.Option.extendedError(22)));
        return Message.of(0, flags, List.of(question.question()), Optional.of(edns));
    }
}
