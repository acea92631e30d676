package fyr.cli.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the kernel of a node has that is Fyr's, as text that is the same for the same state: without counters, elements sorted. */
final class KernelText {

    private static final String SCRIPT = """
            nft -s list ruleset; echo ----
            ip route show table all proto 171; ip -6 route show table all proto 171; ip rule; ip -6 rule
            ip -o addr show dev lo; ip -o addr show dev fyr-vxlan; bridge fdb show dev fyr-vxlan; ip -o link | sed 's/ state .*//'
            ip neigh show nud permanent; ip -6 neigh show nud permanent
            """;

    private KernelText() {}

    static String of(TestLab lab, String node) throws Exception {
        String text = lab.onNode(node, SCRIPT).succeeded().output();
        int end = text.indexOf("----");
        List<String> rest = new ArrayList<>(text.substring(end).lines().toList());
        rest.sort(null);
        return sets(text.substring(0, end)) + String.join("\n", rest);
    }

    /** Sets are hash tables, whose order changes as they grow; what packets add to a set and what expires is no state of ours. */
    private static String sets(String ruleset) {
        StringBuilder all = new StringBuilder();
        StringBuilder block = new StringBuilder();
        for (String line : ruleset.lines().toList()) {
            block.append(line).append('\n');
            if (line.startsWith("\t}") || line.startsWith("}") || line.startsWith("table")) {
                all.append(sorted(block.toString()));
                block.setLength(0);
            }
        }
        return all.append(block).toString();
    }

    private static String sorted(String block) {
        int start = block.indexOf("elements = {");
        if (start < 0) {
            return block;
        }
        int end = block.indexOf('}', start);
        boolean passing = block.contains("dynamic") || block.contains("timeout");
        String[] elements =
                passing ? new String[0] : block.substring(start + 12, end).split(",");
        return block.substring(0, start)
                + String.join(
                        "\n",
                        Arrays.stream(elements).map(String::strip).sorted().toList())
                + block.substring(end);
    }
}
