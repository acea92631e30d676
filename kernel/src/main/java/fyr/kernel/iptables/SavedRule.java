package fyr.kernel.iptables;

import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Reads one rule as {@code iptables-save} prints it. Versions of the program print the same rule differently, so what the kernel would do
 * anyway is skipped. A rule with anything that Fyr does not write becomes one with the target {@link XtTarget.Other}.
 */
final class SavedRule {

    private final List<String> words;
    private final List<XtMatch> matches = new ArrayList<>();
    private String comment = "";
    private XtTarget target = new XtTarget.Nothing();
    private String list = "";
    private long seconds = -1;
    private boolean sets;
    private boolean checks;
    private int next;

    private SavedRule(List<String> words) {
        this.words = words;
    }

    static XtRule parse(String text) {
        try {
            return new SavedRule(split(text)).rule();
        } catch (IllegalArgumentException | IndexOutOfBoundsException unknown) {
            return new XtRule(List.of(), new XtTarget.Other(text));
        }
    }

    /** Words are separated by blanks; a word may stand in quotes, in which a backslash makes the next character an ordinary one. */
    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean started = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
                started = true;
            } else if (c == ' ' && !quoted) {
                if (started) {
                    words.add(word.toString());
                }
                word.setLength(0);
                started = false;
            } else {
                word.append(c == '\\' && quoted ? text.charAt(++i) : c);
                started = true;
            }
        }
        if (started) {
            words.add(word.toString());
        }
        return words;
    }

    private String take() {
        return words.get(next++);
    }

    private XtRule rule() {
        while (next < words.size()) {
            boolean inverted = words.get(next).equals("!");
            if (inverted) {
                next++;
            }
            String option = take();
            if (!header(option, inverted) && (inverted || !extension(option) && !targetOption(option))) {
                throw new IllegalArgumentException(option);
            }
        }
        if (checks) {
            matches.add(new XtMatch.Remembered(list, seconds));
        }
        if (sets) {
            matches.add(new XtMatch.Remember(list));
        }
        return new XtRule(comment, matches, target);
    }

    /** What may be inverted. */
    private boolean header(String option, boolean inverted) {
        switch (option) {
            case "-s" -> matches.add(new XtMatch.Source(prefix(take()), inverted));
            case "-d" -> matches.add(new XtMatch.Destination(prefix(take()), inverted));
            case "-i" -> matches.add(new XtMatch.InputLink(take(), inverted));
            case "--src-type" -> add("LOCAL", new XtMatch.SourceIsLocal(inverted));
            case "--mark" -> {
                int[] bits = bits(take());
                matches.add(new XtMatch.Mark(bits[0], bits[1], inverted));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean extension(String option) {
        switch (option) {
            case "-m" -> take();
            case "-p" -> matches.add(new XtMatch.OfProtocol(protocol(take())));
            case "--comment" -> comment = take();
            case "--dport" -> matches.add(new XtMatch.DestinationPort(port(take())));
            case "--dst-type" -> add("LOCAL", new XtMatch.DestinationIsLocal());
            case "--ctstate" -> matches.add(new XtMatch.ConnectionState(new TreeSet<>(List.of(take().split(",")))));
            case "--mode" -> require("random");
            case "--probability" ->
                matches.add(new XtMatch.Chance((int) Math.round((1L << 31) * Double.parseDouble(take()))));
            case "--rcheck" -> checks = true;
            case "--set" -> sets = true;
            case "--seconds" -> seconds = Long.parseLong(take());
            case "--name" -> list = take();
            case "--mask" -> requireFullMask(take());
            case "--reap", "--rsource" -> {}
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean targetOption(String option) {
        switch (option) {
            case "-j" -> target = target(take());
            case "--reject-with" -> target = reject(take());
            case "--set-xmark" -> {
                int[] bits = bits(take());
                target = new XtTarget.SetMark(bits[0], bits[1]);
            }
            case "--to-destination" -> target = translate(take());
            case "--random-fully" -> target = new XtTarget.Masquerade();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Those with options become what they are with the option that says so. */
    private static XtTarget target(String name) {
        return switch (name) {
            case "RETURN" -> new XtTarget.Return();
            case "ACCEPT" -> new XtTarget.Accept();
            case "DROP" -> new XtTarget.Drop();
            case "REJECT" -> new XtTarget.Reject(false);
            case "MARK", "DNAT", "MASQUERADE" -> new XtTarget.Other(name);
            default -> new XtTarget.Jump(name);
        };
    }

    private static XtTarget reject(String answer) {
        return switch (answer) {
            case "tcp-reset" -> new XtTarget.Reject(true);
            case "icmp-port-unreachable", "icmp6-port-unreachable" -> new XtTarget.Reject(false);
            default -> throw new IllegalArgumentException(answer);
        };
    }

    private static XtTarget translate(String text) {
        int colon = text.lastIndexOf(':');
        String address = text.substring(0, colon);
        boolean bracketed = address.startsWith("[") && address.endsWith("]");
        return new XtTarget.Translate(
                IpAddress.parse(bracketed ? address.substring(1, address.length() - 1) : address),
                port(text.substring(colon + 1)));
    }

    private void add(String word, XtMatch match) {
        require(word);
        matches.add(match);
    }

    private void require(String word) {
        String found = take();
        if (!found.equals(word)) {
            throw new IllegalArgumentException(found);
        }
    }

    private static void requireFullMask(String mask) {
        for (byte part : IpAddress.parse(mask).toBytes()) {
            if (part != -1) {
                throw new IllegalArgumentException(mask);
            }
        }
    }

    private static Prefix prefix(String text) {
        return text.indexOf('/') < 0 ? Prefix.single(IpAddress.parse(text)) : Prefix.parse(text);
    }

    private static Protocol protocol(String text) {
        for (Protocol protocol : Protocol.values()) {
            if (text.equals(XtText.word(protocol)) || text.equals(String.valueOf(protocol.number()))) {
                return protocol;
            }
        }
        throw new IllegalArgumentException(text);
    }

    private static int port(String text) {
        int port = Integer.parseInt(text);
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException(text);
        }
        return port;
    }

    private static int[] bits(String text) {
        int slash = text.indexOf('/');
        return new int[] {
            Integer.parseUnsignedInt(text.substring(0, slash).replaceFirst("^0x", ""), 16),
            Integer.parseUnsignedInt(text.substring(slash + 1).replaceFirst("^0x", ""), 16)
        };
    }
}
