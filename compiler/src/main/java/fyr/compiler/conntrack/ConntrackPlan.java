package fyr.compiler.conntrack;

import fyr.kernel.Tables;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.model.persistent.PersistentMap;
import java.time.Duration;
import java.util.Map;

/** The share of the options for connection tracking in a node's plan. */
public final class ConntrackPlan {

    private ConntrackPlan() {}

    /** The limit of pods' connections, and the timeouts. */
    public static KernelPlan of(ConntrackOptions options) {
        ConntrackOptions.Timeouts timeouts = options.timeouts();
        Map<String, Duration> times = Map.of(
                "tcp_timeout_established", timeouts.tcpEstablished(),
                "tcp_timeout_close_wait", timeouts.tcpCloseWait(),
                "udp_timeout", timeouts.udp(),
                "udp_timeout_stream", timeouts.udpStream());
        PersistentMap<SysctlKey, String> settings = PersistentMap.empty();
        for (Map.Entry<String, Duration> time : times.entrySet()) {
            long seconds = time.getValue().toSeconds();
            if (seconds > 0) {
                settings = settings.with(
                        new SysctlKey("net/netfilter/nf_conntrack_" + time.getKey()), Long.toString(seconds));
            }
        }
        return KernelPlan.empty()
                .with(Tables.SYSCTLS, settings)
                .with(Tables.NFT, PersistentMap.<NftKey, NftObject>empty().withAll(ConnectionCap.of(options.perPod())));
    }
}
