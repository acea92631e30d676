package fyr.kernel.ipvs;

import java.util.OptionalInt;

/**
 * A virtual server. Those of Fyr carry a mark in bits of the flags that the kernel stores and gives no meaning: {@link #MARK}.
 */
public sealed interface VirtualServer {

    /**
     * Protocol number 171 of our routes, in the third byte of the flags. The kernel uses the lowest six bits (include/uapi/linux/ip_vs.h,
     * IP_VS_SVC_F_*), and keeps and lists all of them (ip_vs_add_service and ip_vs_genl_fill_service in net/netfilter/ipvs/ip_vs_ctl.c).
     */
    int MARK = 171 << 16;

    /** The bits of the flags that the mark is in. */
    int MARKED = 0xff << 16;

    /**
     * One that distributes new connections to its real servers.
     *
     * @param affinity for how many seconds after its last connection a client keeps its real server; empty if each connection is scheduled
     *     by itself
     */
    record Balanced(Scheduler scheduler, OptionalInt affinity) implements VirtualServer {
        public Balanced {
            if (affinity.isPresent() && affinity.getAsInt() <= 0) {
                throw new IllegalArgumentException("affinity for " + affinity.getAsInt() + " seconds");
            }
        }

        @Override
        public String toString() {
            return "scheduler " + scheduler.word() + (affinity.isPresent() ? " persistent " + affinity.getAsInt() : "");
        }
    }

    /** One with our mark that Fyr did not make like this: present, and wrong. */
    record Foreign(String what) implements VirtualServer {}
}
