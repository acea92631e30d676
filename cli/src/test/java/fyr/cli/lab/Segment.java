package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine on the router's segment, beside the nodes of a lab. Its kernel asks who has an address, and tcpdump at the router hears everybody.
 *
 * @param process whose network is the machine's
 * @param nodes the nodes' names by their Ethernet addresses
 */
record Segment(TestLab lab, String process, Map<String, String> nodes) {

    /** The network lives as long as a process in it, which ends with the lab. */
    private static final String CREATE = """
            unshare -n sleep 3600 & p=$!
            until [ "$(readlink /proc/$p/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
            ip link add segment type veth peer name eth0 netns $p && ip link set segment master subnet0 up
            nsenter -t $p -n sh -ec "ip addr add 172.18.200.1/16 dev eth0; ip addr add fd00:18::c8:1/64 dev eth0 nodad
              ip link set eth0 up; ip link set lo up" && echo $p > %s
            wait
            """;

    Segment {
        nodes = Map.copyOf(nodes);
    }

    static Segment in(TestLab lab, String... nodes) throws Exception {
        Path file = lab.files().resolve("segment");
        lab.start("exec", "--node", "router", "--", "sh", "-c", CREATE.formatted(file));
        for (long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
                !Files.exists(file) || Files.size(file) == 0;
                Thread.sleep(50)) {
            assertThat(System.nanoTime()).as("the segment").isLessThan(end);
        }
        Map<String, String> macs = new TreeMap<>();
        for (String node : nodes) {
            macs.put(lab.find("link/ether ([0-9a-f:]+)", lab.onNode(node, "ip link show eth0")), node);
        }
        return new Segment(lab, Files.readString(file).strip(), macs);
    }

    private List<String> here(String script) {
        return List.of("--node", "router", "--", "nsenter", "-t", process, "-n", "bash", "-c", script);
    }

    private static String forget(Object address) {
        return "ip neigh flush to " + address + " dev eth0 2>/dev/null";
    }

    /** A datagram makes the kernel ask; what becomes of it does not matter. */
    private static String datagram(Object address) {
        return "{ echo > /dev/udp/" + address + "/9; } 2>/dev/null";
    }

    /**
     * Which node answers for each of these addresses, as this machine's kernel knows after it has asked anew. Of a thousand questions at once
     * some may be lost; they are asked again.
     */
    Map<String, String> holders(Collection<String> addresses) throws Exception {
        Map<String, String> holders = new TreeMap<>();
        String forget = "ip neigh flush dev eth0 2>/dev/null; ip -6 neigh flush dev eth0 2>/dev/null; ";
        for (int round = 0; round < 3 && holders.size() < addresses.size(); round++) {
            List<String> missing =
                    addresses.stream().filter(one -> !holders.containsKey(one)).toList();
            TestLab.Result known = lab.lab(
                    "exec",
                    here((round == 0 ? forget : "") + "for a in " + String.join(" ", missing) + "; do " + datagram("$a")
                                    + "; done; sleep 1; ip neigh show dev eth0; ip -6 neigh show dev eth0")
                            .toArray(String[]::new));
            Matcher line = Pattern.compile("(?m)^(\\S+) lladdr (\\S+) ")
                    .matcher(known.succeeded().output());
            while (line.find()) {
                if (missing.contains(line.group(1))) {
                    holders.put(line.group(1), nodes.getOrDefault(line.group(2), line.group(2)));
                }
            }
        }
        return holders;
    }

    /** Waits until a node answers for an address. */
    String holder(String address) throws Exception {
        for (long end = System.nanoTime() + Duration.ofSeconds(30).toNanos(); ; ) {
            Map<String, String> holders = holders(List.of(address));
            if (!holders.isEmpty()) {
                return holders.values().iterator().next();
            }
            assertThat(System.nanoTime()).as("nobody answers for %s", address).isLessThan(end);
        }
    }

    /** Asks for an address without pause until the file is there. */
    Process ask(String address, Path end) throws Exception {
        return lab.start(
                "exec",
                here("until [ -e " + end + " ]; do " + forget(address) + "; " + datagram(address)
                                + "; sleep 0.01; done")
                        .toArray(String[]::new));
    }

    /** Writes into a file what everybody on the segment says of addresses, until the other file is there. */
    Process listen(Path heard, Path end) throws Exception {
        return lab.start(
                "exec",
                "--node",
                "router",
                "--",
                "bash",
                "-c",
                "tcpdump -Z root -i subnet0 -lnett 'arp or icmp6' >" + heard + " 2>/dev/null & until [ -e " + end
                        + " ]; do sleep 0.05; done; kill $!; wait");
    }
}
