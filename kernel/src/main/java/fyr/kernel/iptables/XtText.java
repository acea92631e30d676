package fyr.kernel.iptables;

import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.Locale;

/** Rules as {@code iptables-save} prints them and {@code iptables-restore} reads them, without the chain that they are in. */
public final class XtText {

    private final StringBuilder text = new StringBuilder();

    private XtText() {}

    /** The text of a rule. */
    public static String of(XtRule rule) {
        XtText writer = new XtText();
        rule.matches().stream().filter(XtText::isHeader).forEach(writer::match);
        if (!rule.comment().isEmpty()) {
            writer.words("-m comment --comment \"" + rule.comment() + "\"");
        }
        rule.matches().stream().filter(match -> !isHeader(match)).forEach(match -> writer.match(match, rule));
        writer.target(rule.target());
        return writer.text.toString();
    }

    /** Whether a condition is part of every rule's header, which stands before the extensions. */
    private static boolean isHeader(XtMatch match) {
        return switch (match) {
            case XtMatch.Source _, XtMatch.Destination _, XtMatch.InputLink _, XtMatch.OfProtocol _ -> true;
            default -> false;
        };
    }

    private void words(String more) {
        text.append(text.isEmpty() ? "" : " ").append(more);
    }

    private static String not(boolean inverted) {
        return inverted ? "! " : "";
    }

    private void match(XtMatch header) {
        switch (header) {
            case XtMatch.Source(var prefix, boolean inverted) -> words(not(inverted) + "-s " + prefix);
            case XtMatch.Destination(var prefix, boolean inverted) -> words(not(inverted) + "-d " + prefix);
            case XtMatch.InputLink(String name, boolean inverted) -> words(not(inverted) + "-i " + name);
            case XtMatch.OfProtocol(Protocol protocol) -> words("-p " + word(protocol));
            default -> throw new IllegalArgumentException("not part of a header: " + header);
        }
    }

    private void match(XtMatch match, XtRule rule) {
        switch (match) {
            case XtMatch.Source _, XtMatch.Destination _, XtMatch.InputLink _, XtMatch.OfProtocol _ -> match(match);
            case XtMatch.DestinationPort(int port) -> words("-m " + protocol(rule) + " --dport " + port);
            case XtMatch.SourceIsLocal(boolean inverted) -> words("-m addrtype " + not(inverted) + "--src-type LOCAL");
            case XtMatch.DestinationIsLocal _ -> words("-m addrtype --dst-type LOCAL");
            case XtMatch.ConnectionState(var states) -> words("-m conntrack --ctstate " + String.join(",", states));
            case XtMatch.Mark(int value, int mask, boolean inverted) ->
                words("-m mark " + not(inverted) + "--mark " + bits(value, mask));
            case XtMatch.Chance chance ->
                words("-m statistic --mode random --probability "
                        + String.format(Locale.ROOT, "%.11f", chance.probability()));
            case XtMatch.Remembered(String list, long seconds) ->
                words("-m recent --rcheck --seconds " + seconds + " --reap --name " + list + " --rsource");
            case XtMatch.Remember(String list) -> words("-m recent --set --name " + list + " --rsource");
        }
    }

    private static String protocol(XtRule rule) {
        return rule.matches().stream()
                .filter(XtMatch.OfProtocol.class::isInstance)
                .map(match -> word(((XtMatch.OfProtocol) match).protocol()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a port of no protocol"));
    }

    static String word(Protocol protocol) {
        return protocol.name().toLowerCase(Locale.ROOT);
    }

    private static String bits(int value, int mask) {
        return "0x" + Integer.toHexString(value) + "/0x" + Integer.toHexString(mask);
    }

    private void target(XtTarget target) {
        switch (target) {
            case XtTarget.Nothing _ -> {}
            case XtTarget.Jump(String chain) -> words("-j " + chain);
            case XtTarget.Return _ -> words("-j RETURN");
            case XtTarget.Accept _ -> words("-j ACCEPT");
            case XtTarget.Drop _ -> words("-j DROP");
            case XtTarget.Reject(boolean reset) -> words("-j REJECT" + (reset ? " --reject-with tcp-reset" : ""));
            case XtTarget.SetMark(int value, int mask) -> words("-j MARK --set-xmark " + bits(value, mask));
            case XtTarget.Masquerade _ -> words("-j MASQUERADE --random-fully");
            case XtTarget.Translate(IpAddress address, int port) ->
                words("-j DNAT --to-destination "
                        + (address.family() == Family.IPV4 ? address.toString() : "[" + address + "]") + ":" + port);
            case XtTarget.Other(String other) -> words(other);
        }
    }
}
