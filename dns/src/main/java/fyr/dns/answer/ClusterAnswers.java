package fyr.dns.answer;

import fyr.dns.message.DnsName;
import fyr.dns.message.Question;
import fyr.dns.message.RecordData;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResourceRecord;
import fyr.dns.message.ResponseCode;
import fyr.model.address.Prefix;
import fyr.model.name.DnsView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Answers from the cluster's own table, by the Kubernetes DNS specification 1.1.0 and, where that is silent, as CoreDNS does. A name that does
 * not exist is denied for every type alike: musl drops a good A answer when the AAAA one says NXDOMAIN. Apart from the order of the hosts of
 * headless services, which the generator picks, a function of its arguments. As safe on several threads as the generator is.
 */
public final class ClusterAnswers {

    private static final int LONGEST_CHAIN = 8;
    private static final RecordData MINIMAL = // RFC 8482 section 4.2
            new RecordData.Opaque(RecordType.HINFO, new byte[] {7, 'R', 'F', 'C', '8', '4', '8', '2', 0});
    private static final RecordData VERSION = new RecordData.Txt(List.of("1.1.0"));

    private final Zone zone;
    private final DnsName server;
    private final RecordData start;
    private final ServiceNames services;

    /** Answers for a zone. */
    public ClusterAnswers(Zone zone, RandomGenerator random) {
        this.zone = zone;
        this.server = zone.domain().child("dns").child("ns");
        // Nothing transfers this zone, so its serial never changes and is the same on every node.
        this.start = new RecordData.Soa(server, zone.domain().child("hostmaster"), 1, 7200, 1800, 86400, zone.ttl());
        this.services = new ServiceNames(zone.ttl(), random, new HostIndexes());
    }

    /** What there is to say; without a view, only names that are certainly not the cluster's can be told from it. */
    public Response answer(Query query, Optional<DnsView> view) {
        DnsName name = query.question().name();
        if (name.isWithin(zone.domain())) {
            return view.map(known -> chain(query, known)).orElseGet(Response.NotReady::new);
        }
        return ReverseName.block(name).map(block -> reverse(query, block, view)).orElseGet(Response.Elsewhere::new);
    }

    private Response chain(Query query, DnsView view) {
        List<ResourceRecord> chain = new ArrayList<>();
        Query asked = query;
        Finding found = find(asked, view);
        while (found instanceof Finding.Alias(var target) && chain.size() < LONGEST_CHAIN) {
            RecordType type = query.question().type();
            DnsName name = asked.question().name();
            if (chain.stream().anyMatch(link -> link.name().equals(name))) {
                break; // it leads back to itself
            }
            chain.add(record(name, new RecordData.Cname(target)));
            if (type.equals(RecordType.CNAME) || type.equals(RecordType.ANY)) {
                return new Response.Complete(ResponseCode.NOERROR, chain, List.of(), List.of());
            }
            asked = new Query(new Question(target, type), query.limit());
            if (!target.isWithin(zone.domain())) {
                return new Response.Alias(chain, asked.question());
            }
            found = find(asked, view);
        }
        return complete(chain, asked.question(), found, zone.domain());
    }

    private Finding find(Query query, DnsView view) {
        String[] labels = query.question().name().labelsBelow(zone.domain());
        RecordType type = query.question().type();
        if (labels.length == 0) {
            return apex(type);
        }
        String[] path = Arrays.copyOf(labels, labels.length - 1);
        return switch (labels[labels.length - 1]) {
            case "svc" -> path.length == 0 ? Finding.NOTHING : services.find(view, path, query);
            case "pod" -> path.length == 0 ? Finding.NOTHING : PodNames.find(view, path, type);
            case "dns-version" ->
                path.length > 0
                        ? Finding.MISSING
                        : Finding.of(type.equals(RecordType.TXT) ? List.of(VERSION) : List.of());
            case "dns" ->
                path.length == 0
                        ? Finding.NOTHING
                        : path.length == 1 && path[0].equals("ns")
                                ? Finding.of(Addresses.data(zone.servers().get(), type))
                                : Finding.MISSING;
            default -> Finding.MISSING;
        };
    }

    private Finding apex(RecordType type) {
        if (type.equals(RecordType.SOA)) {
            return Finding.of(List.of(start));
        }
        if (!type.equals(RecordType.NS)) {
            return Finding.NOTHING;
        }
        List<ResourceRecord> glue = zone.servers().get().stream()
                .map(address -> record(server, Addresses.data(address)))
                .toList();
        return new Finding.Records(List.of(new RecordData.Ns(server)), glue);
    }

    private Response reverse(Query query, Prefix block, Optional<DnsView> view) {
        Optional<Prefix> ours =
                zone.reverse().stream().filter(known -> known.contains(block)).findFirst();
        boolean whole = block.length() == block.family().bits();
        List<String> names = whole
                ? view.flatMap(known -> known.pointers().get(block.address())).orElse(List.of())
                : List.of();
        if (ours.isEmpty() && names.isEmpty()) {
            return new Response.Elsewhere();
        }
        if (view.isEmpty()) {
            return new Response.NotReady();
        }
        DnsName apex = ReverseName.zone(block.address(), ours.orElse(block));
        return complete(List.of(), query.question(), pointers(query.question(), apex, names, whole), apex);
    }

    private Finding pointers(Question question, DnsName apex, List<String> names, boolean whole) {
        if (question.name().equals(apex) && question.type().equals(RecordType.SOA)) {
            return Finding.of(List.of(start));
        }
        if (whole && names.isEmpty()) {
            return Finding.MISSING;
        }
        List<RecordData> data = new ArrayList<>();
        if (question.type().equals(RecordType.PTR)) {
            names.forEach(name -> data.add(new RecordData.Ptr(zone.domain().below(name))));
        }
        return Finding.of(data);
    }

    private Response complete(List<ResourceRecord> chain, Question question, Finding finding, DnsName apex) {
        List<ResourceRecord> answers = new ArrayList<>(chain);
        return switch (finding) {
            case Finding.Missing() -> denial(ResponseCode.NXDOMAIN, answers, apex);
            // A chain without an end: what there is of it ends the lookup.
            case Finding.Alias(var target) ->
                new Response.Complete(ResponseCode.NOERROR, answers, List.of(), List.of());
            case Finding.Records(var data, var additionals) -> {
                List<RecordData> chosen = question.type().equals(RecordType.ANY) ? List.of(MINIMAL) : data;
                chosen.forEach(one -> answers.add(record(question.name(), one)));
                yield chosen.isEmpty()
                        ? denial(ResponseCode.NOERROR, answers, apex)
                        : new Response.Complete(ResponseCode.NOERROR, answers, List.of(), additionals);
            }
        };
    }

    private Response denial(ResponseCode code, List<ResourceRecord> answers, DnsName apex) {
        return new Response.Complete(code, answers, List.of(record(apex, start)), List.of());
    }

    private ResourceRecord record(DnsName name, RecordData data) {
        return new ResourceRecord(name, zone.ttl(), data);
    }
}
