package fyr.dns.forward;

import fyr.dns.message.Edns;
import fyr.dns.message.Message;
import fyr.dns.message.RecordData;
import fyr.dns.message.ResourceRecord;
import java.util.List;

/** Bytes of heap that a remembered message takes, rather too many than too few. */
final class CacheWeight {

    private static final int MESSAGE = 600; // the message, its lists, flags, question, and the entry in the table
    private static final int RECORD = 80; // the record and the head of its data
    private static final int NAME = 40; // the head of a name and of its array
    private static final int STRING = 56;

    private CacheWeight() {}

    static int of(Message message) {
        int questions = message.questions().stream()
                .mapToInt(question -> NAME + question.name().length())
                .sum();
        int options = message.edns().map(Edns::options).orElse(List.of()).stream()
                .mapToInt(option -> NAME + option.bytes().length)
                .sum();
        return MESSAGE
                + questions
                + options
                + of(message.answers())
                + of(message.authorities())
                + of(message.additionals());
    }

    private static int of(List<ResourceRecord> records) {
        return records.stream()
                .mapToInt(record -> RECORD + NAME + record.name().length() + of(record.data()))
                .sum();
    }

    private static int of(RecordData data) {
        return switch (data) {
            case RecordData.A a -> 16;
            case RecordData.Aaaa aaaa -> 32;
            case RecordData.Srv srv -> NAME + srv.target().length();
            case RecordData.Ptr(var target) -> NAME + target.length();
            case RecordData.Cname(var target) -> NAME + target.length();
            case RecordData.Ns(var target) -> NAME + target.length();
            case RecordData.Soa soa ->
                2 * NAME + soa.primary().length() + soa.mailbox().length() + 40;
            case RecordData.Txt(var strings) ->
                strings.stream().mapToInt(text -> STRING + text.length()).sum();
            case RecordData.Opaque opaque -> NAME + opaque.bytes().length;
        };
    }
}
