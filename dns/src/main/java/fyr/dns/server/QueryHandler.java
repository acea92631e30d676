package fyr.dns.server;

import fyr.dns.answer.ClusterAnswers;
import fyr.dns.answer.Query;
import fyr.dns.answer.Response;
import fyr.dns.forward.ForwardedQuestion;
import fyr.dns.forward.Forwarder;
import fyr.dns.message.Edns;
import fyr.dns.message.Flags;
import fyr.dns.message.MalformedMessageException;
import fyr.dns.message.Message;
import fyr.dns.message.MessageReader;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResourceRecord;
import fyr.dns.message.ResponseCode;
import fyr.dns.server.DnsCounters.Source;
import fyr.model.name.DnsView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** From the bytes of a query to the bytes of its answer. Safe on any thread. */
record QueryHandler(
        ClusterAnswers cluster, Supplier<Optional<DnsView>> view, Forwarder forwarder, DnsCounters counters) {

    private static final int TCP_LIMIT = 0xffff;
    private static final RecordType UNREADABLE = new RecordType(0);
    private static final int EXTENDED_ERROR = 15; // RFC 8914 section 2
    private static final int NOT_READY = 14; // RFC 8914 section 4.15

    Outcome handle(byte[] packet, int length, boolean tcp) {
        if (length < MessageReader.HEADER) {
            return new Outcome.Nothing();
        }
        QueryHeader header = new QueryHeader(packet);
        if (header.response()) {
            return new Outcome.Nothing(); // never answer an answer: two servers would talk for ever
        }
        return header.refusal().map(code -> unread(header, code)).orElseGet(() -> read(header, length, tcp));
    }

    private Outcome read(QueryHeader header, int length, boolean tcp) {
        try {
            return handle(MessageReader.read(header.packet(), length), tcp);
        } catch (MalformedMessageException e) {
            return unread(header, ResponseCode.FORMERR);
        }
    }

    private Outcome unread(QueryHeader header, ResponseCode code) {
        counters.answered(UNREADABLE, code, Source.QUERY);
        return new Outcome.Reply(header.answer(code));
    }

    private Outcome handle(Message query, boolean tcp) {
        int limit = tcp ? TCP_LIMIT : udpLimit(query);
        Optional<ResponseCode> refusal = refusal(query);
        if (refusal.isPresent()) {
            counters.answered(query.questions().getFirst().type(), refusal.get(), Source.QUERY);
            Message answer = Message.of(
                    query.id(), query.flags().reply(refusal.get(), false), query.questions(), edns(query, List.of()));
            return new Outcome.Reply(MessageWriter.write(answer, limit));
        }
        Question question = query.questions().getFirst();
        return switch (cluster.answer(new Query(question, limit), view.get())) {
            case Response.Complete complete ->
                // Of several records the order changes each time.
                new Outcome.Reply(
                        complete(query, complete, limit), complete.answers().size() < 2);
            case Response.NotReady() -> new Outcome.Reply(notReady(query, limit));
            case Response.Elsewhere() -> forward(query, List.of(), question, limit);
            case Response.Alias(var chain, var next) -> forward(query, chain, next, limit);
        };
    }

    private static int udpLimit(Message query) {
        return query.edns()
                .map(edns -> Math.clamp(edns.payload(), 512, Edns.SAFE_PAYLOAD))
                .orElse(512);
    }

    private static Optional<ResponseCode> refusal(Message query) {
        if (query.edns().isPresent() && query.edns().get().version() != 0) {
            return Optional.of(ResponseCode.BADVERS);
        }
        Question question = query.questions().getFirst();
        boolean transfer =
                question.type().equals(RecordType.AXFR) || question.type().equals(RecordType.IXFR);
        return transfer || question.dnsClass() != Question.INTERNET
                ? Optional.of(ResponseCode.REFUSED)
                : Optional.empty();
    }

    private byte[] complete(Message query, Response.Complete complete, int limit) {
        counters.answered(query.questions().getFirst().type(), complete.code(), Source.CLUSTER);
        Message answer = new Message(
                query.id(),
                query.flags().reply(complete.code(), true),
                query.questions(),
                complete.answers(),
                complete.authorities(),
                complete.additionals(),
                edns(query, List.of()));
        return MessageWriter.write(answer, limit);
    }

    private byte[] notReady(Message query, int limit) {
        counters.answered(query.questions().getFirst().type(), ResponseCode.SERVFAIL, Source.CLUSTER);
        Optional<Edns> edns = edns(query, List.of(Edns.Option.extendedError(NOT_READY)));
        return MessageWriter.write(
                Message.of(query.id(), query.flags().reply(ResponseCode.SERVFAIL, false), query.questions(), edns),
                limit);
    }

    private Outcome forward(Message query, List<ResourceRecord> chain, Question next, int limit) {
        boolean dnssecOk = query.edns().map(Edns::dnssecOk).orElse(false);
        ForwardedQuestion question =
                new ForwardedQuestion(next, dnssecOk, query.flags().checkingDisabled());
        return forwarder
                .remembered(question)
                .<Outcome>map(found -> new Outcome.Reply(relay(query, chain, found, limit, Source.CACHE)))
                .orElseGet(() -> new Outcome.Later(
                        () -> relay(query, chain, forwarder.resolve(question), limit, Source.FORWARDED)));
    }

    /**
     * The AD bit is not passed on: nothing is validated here, and who says AD must have done so itself (RFC 4035 section 3.2.3). A client that
     * wants to validate asks with DO and finds the signatures in the answer.
     */
    private byte[] relay(Message query, List<ResourceRecord> chain, Message found, int limit, Source source) {
        ResponseCode code = sayable(found.code(), query);
        counters.answered(query.questions().getFirst().type(), code, source);
        List<ResourceRecord> answers = new ArrayList<>(chain);
        answers.addAll(found.answers());
        List<Edns.Option> errors = found.edns().map(Edns::options).orElse(List.of()).stream()
                .filter(option ->
                        option.code() == EXTENDED_ERROR) // options but the extended error are between neighbours
                .toList();
        // The bit AA is about the first owner name (RFC 1035 section 4.1.1), which with a chain is the cluster's.
        Flags flags = query.flags().reply(code, !chain.isEmpty());
        Message answer = new Message(
                query.id(),
                found.flags().truncated() ? flags.asTruncated() : flags,
                query.questions(),
                answers,
                found.authorities(),
                found.additionals(),
                edns(query, errors));
        return MessageWriter.write(answer, limit);
    }

    /** The upper bits of a code above 15 are in the OPT record; without them it would say something else (RFC 6891 section 6.1.3). */
    private static ResponseCode sayable(ResponseCode code, Message query) {
        return code.code() > 15 && query.edns().isEmpty() ? ResponseCode.SERVFAIL : code;
    }

    /** An OPT record only for who sent one (RFC 6891 section 7), with its DO bit (RFC 3225 section 3). */
    private static Optional<Edns> edns(Message query, List<Edns.Option> options) {
        return query.edns().map(edns -> new Edns(Edns.SAFE_PAYLOAD, 0, edns.dnssecOk(), options));
    }
}
