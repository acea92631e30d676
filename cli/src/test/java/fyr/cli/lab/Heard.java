package fyr.cli.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who said of one address that it is his, as tcpdump heard it; in the order of time. */
record Heard(List<Said> all) {

    /** Asked every few hundredths of a second, a node that answers is never silent for so long. */
    private static final double SILENCE = 0.4;

    private static final Pattern LINE = Pattern.compile("(?m)^([0-9.]+) ([0-9a-f:]+) > ([0-9a-f:]+), .*?: (?:"
            + "Reply (\\S+) is-at|Request who-has (\\S+) (?:\\(\\S+\\) )?tell (\\S+),|(\\S+) > \\S+: ICMP6, neighbor advertisement, tgt is (\\S+?),)"
            + ".*$");

    /**
     * One message.
     *
     * @param seconds since 1970
     * @param asked whether it answers a question; otherwise it tells everybody
     */
    record Said(double seconds, String node, boolean asked) {}

    Heard {
        all = List.copyOf(all);
    }

    static Heard of(String tcpdump, String address, Map<String, String> nodes) {
        List<Said> all = new ArrayList<>();
        Matcher line = LINE.matcher(tcpdump);
        while (line.find()) {
            boolean everybody =
                    line.group(3).startsWith("ff:ff:") || line.group(3).startsWith("33:33:");
            boolean isRequest = line.group(5) != null;
            String of = isRequest ? line.group(5) : line.group(4) != null ? line.group(4) : line.group(8);
            if (address.equals(of) && (!isRequest || of.equals(line.group(6)))) {
                all.add(new Said(
                        Double.parseDouble(line.group(1)),
                        nodes.getOrDefault(line.group(2), line.group(2)),
                        !everybody));
            }
        }
        return new Heard(all);
    }

    /** The answers to questions from one time on. */
    List<Said> answersAfter(double seconds) {
        return all.stream()
                .filter(one -> one.asked() && one.seconds() > seconds)
                .toList();
    }

    /** Whether a node told everybody within a time. */
    boolean announced(String node, double from, double to) {
        return all.stream()
                .anyMatch(one -> !one.asked() && one.node().equals(node) && one.seconds() > from && one.seconds() < to);
    }

    /** For how long, at most, a node went on to speak after another one had begun, in seconds. */
    double overlap() {
        double longest = 0;
        for (int i = 0; i < all.size(); i++) {
            Said now = all.get(i);
            int before = i - 1;
            while (before >= 0 && !all.get(before).node().equals(now.node())) {
                before--;
            }
            if (before >= 0 && before < i - 1 && now.seconds() - all.get(before).seconds() < SILENCE) {
                longest = Math.max(longest, now.seconds() - all.get(before + 1).seconds());
            }
        }
        return longest;
    }
}
