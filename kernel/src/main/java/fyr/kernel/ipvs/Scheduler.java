package fyr.kernel.ipvs;

import java.util.Arrays;
import java.util.Optional;

/** How a virtual server chooses a real server for a new connection. Each scheduler is a module of the kernel of its own. */
public enum Scheduler {
    /** One after the other. */
    RR,
    /** One after the other, each as often as its weight says. */
    WRR,
    /** The one with the fewest connections. */
    LC,
    /** The one with the fewest connections for its weight. */
    WLC,
    /** By a hash of the client's address. */
    SH,
    /** By Maglev hashing of the client's address and port: few clients move when a real server comes or goes. */
    MH;

    /** The name that the kernel knows it by. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The module of the kernel that has it, unless it is built in. */
    public String module() {
        return "ip_vs_" + word();
    }

    /** The scheduler that the kernel knows by this name. */
    public static Optional<Scheduler> of(String word) {
        return Arrays.stream(values())
                .filter(scheduler -> scheduler.word().equals(word))
                .findFirst();
    }
}
