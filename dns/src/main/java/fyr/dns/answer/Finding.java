package fyr.dns.answer;

import fyr.dns.message.DnsName;
import fyr.dns.message.RecordData;
import fyr.dns.message.ResourceRecord;
import java.util.List;

/** What a name holds for a type. */
sealed interface Finding {

    /** The name exists and has nothing of the type. */
    Finding NOTHING = new Records(List.of(), List.of());

    /** No such name. */
    Finding MISSING = new Missing();

    record Missing() implements Finding {}

    record Records(List<RecordData> data, List<ResourceRecord> additionals) implements Finding {}

    record Alias(DnsName target) implements Finding {}

    static Finding of(List<RecordData> data) {
        return data.isEmpty() ? NOTHING : new Records(data, List.of());
    }
}
