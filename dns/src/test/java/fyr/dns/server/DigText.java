package fyr.dns.server;

import fyr.dns.message.Edns;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.RecordData;
import fyr.dns.message.ResourceRecord;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** An answer as {@code dig} would print it, for goldens. */
final class DigText {

    private DigText() {}

    static String of(Message message, int bytes) {
        StringBuilder text = new StringBuilder(
                ";; status: " + message.code() + ", flags: " + flags(message.flags()) + ", size: " + bytes + "\n");
        message.edns().ifPresent(edns -> text.append(edns(edns)));
        message.questions().forEach(question -> text.append(";" + question.name() + "\tIN\t" + question.type() + "\n"));
        section(text, "ANSWER", message.answers());
        section(text, "AUTHORITY", message.authorities());
        section(text, "ADDITIONAL", message.additionals());
        return text.toString();
    }

    private static String flags(Flags flags) {
        List<String> set = new ArrayList<>(List.of("qr"));
        add(set, flags.authoritative(), "aa");
        add(set, flags.truncated(), "tc");
        add(set, flags.recursionDesired(), "rd");
        add(set, flags.recursionAvailable(), "ra");
        add(set, flags.authenticData(), "ad");
        add(set, flags.checkingDisabled(), "cd");
        return String.join(" ", set);
    }

    private static void add(List<String> set, boolean flag, String name) {
        if (flag) {
            set.add(name);
        }
    }

    private static String edns(Edns edns) {
        String options = edns.options().stream()
                .map(option ->
                        ", option " + option.code() + ": " + HexFormat.of().formatHex(option.bytes()))
                .collect(Collectors.joining());
        return "; EDNS: version: " + edns.version() + (edns.dnssecOk() ? ", do" : "") + ", udp: " + edns.payload()
                + options + "\n";
    }

    private static void section(StringBuilder text, String name, List<ResourceRecord> records) {
        if (!records.isEmpty()) {
            text.append(";; ").append(name).append(": ").append(records.size()).append('\n');
            records.stream()
                    .limit(8)
                    .forEach(record -> text.append(record.name() + "\t" + record.ttl() + "\tIN\t" + record.type() + "\t"
                            + data(record.data()) + "\n"));
            text.append(records.size() > 8 ? "; and " + (records.size() - 8) + " more\n" : "");
        }
    }

    private static String data(RecordData data) {
        return switch (data) {
            case RecordData.A(var address) -> address.toString();
            case RecordData.Aaaa(var address) -> address.toString();
            case RecordData.Srv(int priority, int weight, int port, var target) ->
                priority + " " + weight + " " + port + " " + target;
            case RecordData.Ptr(var target) -> target.toString();
            case RecordData.Cname(var target) -> target.toString();
            case RecordData.Ns(var target) -> target.toString();
            case RecordData.Soa soa ->
                soa.primary() + " " + soa.mailbox() + " " + soa.serial() + " " + soa.refresh() + " " + soa.retry() + " "
                        + soa.expire() + " " + soa.minimum();
            case RecordData.Txt(var strings) ->
                strings.stream().map(string -> '"' + string + '"').collect(Collectors.joining(" "));
            case RecordData.Opaque opaque -> opaque.toString();
        };
    }
}
