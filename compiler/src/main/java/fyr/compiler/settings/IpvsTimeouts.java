package fyr.compiler.settings;

import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.ServiceOptions;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.IpvsTimeout;
import fyr.kernel.plan.KernelPlan;
import fyr.model.persistent.PersistentMap;
import java.time.Duration;

/** After how much silence IPVS forgets connections, where the operator says so. */
public final class IpvsTimeouts {

    private IpvsTimeouts() {}

    /** Those of a node. Less than a second is zero, as with kube-proxy, and leaves the node's own. */
    public static KernelPlan of(NodeIdentity node) {
        ServiceOptions.Timeouts wanted = node.services().timeouts();
        PersistentMap<IpvsTimeout, Integer> timeouts = PersistentMap.empty();
        for (IpvsTimeout timeout : IpvsTimeout.values()) {
            int seconds = seconds(of(wanted, timeout));
            if (seconds > 0) {
                timeouts = timeouts.with(timeout, seconds);
            }
        }
        return KernelPlan.empty().with(Tables.IPVS_TIMEOUTS, timeouts);
    }

    private static Duration of(ServiceOptions.Timeouts wanted, IpvsTimeout timeout) {
        return switch (timeout) {
            case TCP -> wanted.tcp();
            case TCP_FIN -> wanted.tcpFin();
            case UDP -> wanted.udp();
        };
    }

    /** The kernel refuses what it cannot count in its ticks, which is far less than the largest integer. */
    private static int seconds(Duration time) {
        return (int) Math.min(time.toSeconds(), Integer.MAX_VALUE);
    }
}
