package fyr.cli.lab;

import java.util.List;

/** An API server that a lab's agents and kubelets cannot reach for a while: packet rules in the lab's own network. */
record ApiOutage(TestLab lab, int port) {

    /** What happens to a packet for the API server. */
    enum Kind {
        /** Nobody listens: connections are reset. */
        REFUSED("reject with tcp reset"),
        /** The network loses everything. */
        SILENT("drop");

        private final String verdict;

        Kind(String verdict) {
            this.verdict = verdict;
        }
    }

    /** Requests, and bytes that the server sent, since the counters began. */
    record Traffic(int connections, long bytes) {}

    /** Begins to count what the nodes ask for and get. */
    void count() throws Exception {
        inLab("""
                table inet counted {
                  counter connections {}
                  counter answers {}
                  chain in { type filter hook input priority -400; iif != lo tcp dport %1$d tcp flags & (syn | ack) == syn counter name connections; }
                  chain out { type filter hook output priority -400; oif != lo tcp sport %1$d counter name answers; }
                }
                """.formatted(port));
    }

    void begin(Kind kind) throws Exception {
        inLab("""
                table inet outage {
                  chain in { type filter hook input priority -300; ip daddr 172.31.0.2 tcp dport %1$d %2$s; }
                  chain out { type filter hook output priority -300; ip saddr 172.31.0.2 tcp sport %1$d tcp flags & rst == 0x0 drop; }
                }
                """.formatted(port, kind.verdict));
    }

    void end() throws Exception {
        inLab("delete table inet outage");
    }

    /** What was counted until now; the counters begin again. */
    Traffic traffic() throws Exception {
        TestLab.Result counters = run("nft reset counters table inet counted");
        return new Traffic(
                Integer.parseInt(lab.find("(?s)connections \\{.*?packets ([0-9]+)", counters)),
                Long.parseLong(lab.find("(?s)answers \\{.*?bytes ([0-9]+)", counters)));
    }

    private void inLab(String rules) throws Exception {
        run("nft -f - <<'END'\n" + rules + "\nEND\n");
    }

    private TestLab.Result run(String script) throws Exception {
        ProcessBuilder program = new ProcessBuilder(List.of(
                TestLab.checkout().resolve("target/fyr/bin/fyr-world").toString(),
                "in",
                lab.files().toString(),
                "",
                "",
                "",
                "lab",
                "--",
                "sh",
                "-c",
                "PATH=$PATH:/usr/sbin:/sbin; " + script));
        return TestLab.finish(program.redirectErrorStream(true).start()).succeeded();
    }
}
