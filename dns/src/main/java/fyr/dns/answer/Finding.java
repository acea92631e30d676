package fyr.dns.answer;

import fyr.dns.message.DnsName;
import fyr.dns.message.RecordData;
import fyr.dns.message.ResourceRecord;
import java.util.LinkedHashSet;
import java.util.List;

/** The result of looking up a name and a type. */
sealed interface Finding {

    /** The name exists but has no records of the type. */
    Finding NOTHING = new Records(List.of(), List.of());

    /** No such name. */
    Finding MISSING = new Missing();

    record Missing() implements Finding {}

    /** Contains each record once: an RRset has no duplicates (RFC 2181 section 5), and pods on one node's network share its address. */
    record Records(List<RecordData> data, List<ResourceRecord> additionals) implements Finding {
        public Records {
            data = distinct(data);
            additionals = distinct(additionals);
        }

        private static <T> List<T> distinct(List<T> all) {
            return all.size() < 2 ? List.copyOf(all) : List.copyOf(new LinkedHashSet<>(all));
        }
    }

    record Alias(DnsName target) implements Finding {}

    static Finding of(List<RecordData> data) {
        return data.isEmpty() ? NOTHING : new Records(data, List.of());
    }
}
