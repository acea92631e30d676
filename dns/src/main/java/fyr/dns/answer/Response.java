package fyr.dns.answer;

import fyr.dns.message.Question;
import fyr.dns.message.ResourceRecord;
import fyr.dns.message.ResponseCode;
import java.util.List;

/** What there is to say to a query. */
public sealed interface Response {

    /** The whole answer, with authority. */
    record Complete(
            ResponseCode code,
            List<ResourceRecord> answers,
            List<ResourceRecord> authorities,
            List<ResourceRecord> additionals)
            implements Response {}

    /** Aliases that leave the cluster: the rest of the answer is that to {@code next}, asked upstream. */
    record Alias(List<ResourceRecord> chain, Question next) implements Response {}

    /** Not a name of the cluster: to be asked upstream. */
    record Elsewhere() implements Response {}

    /** A name of the cluster before the cluster is known: SERVFAIL, as a denial would be believed (kubernetes/dns#186). */
    record NotReady() implements Response {}
}
