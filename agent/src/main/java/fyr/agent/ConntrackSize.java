package fyr.agent;

import fyr.agent.proxy.Conntrack;
import fyr.compiler.conntrack.ConntrackOptions;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/**
 * The size of the connection tracking table, as kube-proxy's configuration wants it (setupConntrack in cmd/kube-proxy/app). It is raised when
 * the agent starts and left alone afterwards, so that an administrator can raise it further. Unlike kube-proxy, the agent never lowers it.
 *
 * @param settings the folder of the kernel's settings
 * @param processors the folder with one entry for each processor
 */
record ConntrackSize(Path settings, Path processors, BiConsumer<Level, String> log) {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final String MAX = "nf_conntrack_max";
    private static final String BUCKETS = "nf_conntrack_buckets";

    /** As kube-proxy: the kernel's hash lists are then four entries long on average when the table is full. */
    private static final int ENTRIES_PER_BUCKET = 4;

    static ConntrackSize ofThisNode() {
        return new ConntrackSize(
                Path.of("/proc/sys/net/netfilter"),
                Path.of("/sys/devices/system/cpu"),
                (level, line) -> LOG.log(level, line));
    }

    /** The timeouts of a configuration. */
    static ConntrackOptions.Timeouts timeouts(Conntrack wanted) {
        return new ConntrackOptions.Timeouts(
                wanted.tcpEstablished(), wanted.tcpCloseWait(), wanted.udp(), wanted.udpStream());
    }

    /** Raises the limit to what the configuration wants, and the number of hash lists with it. What the kernel refuses is logged. */
    void raise(Conntrack wanted) {
        try {
            OptionalLong max = wanted(wanted);
            if (max.isPresent()) {
                raise(max.getAsLong());
            }
        } catch (IOException | NumberFormatException e) {
            log.accept(Level.WARNING, "the size of the connection tracking table stays as it is: " + e);
        }
    }

    private OptionalLong wanted(Conntrack wanted) throws IOException {
        if (wanted.maxPerCore() == 0) {
            return OptionalLong.empty();
        }
        long count = 0;
        try (DirectoryStream<Path> each = Files.newDirectoryStream(
                processors, file -> file.getFileName().toString().matches("cpu[0-9]+"))) {
            for (Path _ : each) {
                count++;
            }
        }
        return OptionalLong.of(Math.max(wanted.maxPerCore() * count, wanted.min()));
    }

    private void raise(long max) throws IOException {
        long now = read(MAX);
        if (now > max) {
            log.accept(
                    Level.INFO,
                    MAX + " stays at " + now + ": the configuration of kube-proxy asks for less (" + max + ")");
        } else if (now < max) {
            write(MAX, max);
        }
        long lists = max / ENTRIES_PER_BUCKET;
        if (read(BUCKETS) < lists) {
            write(BUCKETS, lists);
        }
    }

    private long read(String setting) throws IOException {
        return Long.parseLong(Files.readString(settings.resolve(setting)).strip());
    }

    /** Only the first network namespace of a machine may change the size of the table. */
    private void write(String setting, long value) {
        try {
            Files.writeString(settings.resolve(setting), value + "\n");
            log.accept(Level.INFO, setting + " is " + value + " now, as the configuration of kube-proxy asks");
        } catch (IOException refused) {
            log.accept(
                    Level.WARNING,
                    setting + " stays as it is, although the configuration of kube-proxy asks for " + value + ": "
                            + refused);
        }
    }
}
