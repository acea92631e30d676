package fyr.dns.message;

import java.util.List;
import java.util.Optional;

/**
 * A whole message. The OPT record is not among the additional records but in {@code edns}.
 *
 * @param id 0 to 65535
 */
public record Message(
        int id,
        Flags flags,
        List<Question> questions,
        List<ResourceRecord> answers,
        List<ResourceRecord> authorities,
        List<ResourceRecord> additionals,
        Optional<Edns> edns) {

    public Message {
        questions = List.copyOf(questions);
        answers = List.copyOf(answers);
        authorities = List.copyOf(authorities);
        additionals = List.copyOf(additionals);
    }

    /** A query, or a response without records. */
    public static Message of(int id, Flags flags, List<Question> questions, Optional<Edns> edns) {
        return new Message(id, flags, questions, List.of(), List.of(), List.of(), edns);
    }

    /** How the query went. */
    public ResponseCode code() {
        return flags.code();
    }
}
