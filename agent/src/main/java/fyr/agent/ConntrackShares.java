package fyr.agent;

import fyr.compiler.service.ServiceTable;
import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackEntry.Tuple;
import fyr.model.Attachment;
import fyr.model.NamespacedName;
import fyr.model.Service;
import fyr.model.address.IpAddress;
import fyr.model.observation.ConntrackShare;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tallies whose the entries of a connection tracking table are. An entry counts for the pod of this node that opened the connection,
 * otherwise for the pod of this node that it leads to; and for the Service that it was opened to. Lives within one sample.
 */
final class ConntrackShares {

    /** A smaller part is nobody's fault. */
    private static final int LEAST_PERCENT = 10;

    private static final int SHOWN = 4;

    private record Holder(String kind, String name, boolean opened) {}

    private record NodePort(int protocol, int port) {}

    private final Map<IpAddress, String> pods = new HashMap<>();
    private final Map<IpAddress, String> services = new HashMap<>();
    private final Map<NodePort, String> nodePorts = new HashMap<>();
    private final Set<IpAddress> own = new HashSet<>();
    private final Map<Holder, Integer> counts = new HashMap<>();
    private int entries;

    ConntrackShares(PersistentMap<String, Attachment> attachments, Optional<ServiceTable> table) {
        attachments.forEach((_, pod) ->
                pod.addresses().forEach(address -> pods.put(address, pod.pod().toString())));
        table.ifPresent(known -> {
            own.addAll(known.node().addresses());
            known.services().forEach((name, service) -> add(name, service));
        });
    }

    private void add(NamespacedName name, Service service) {
        Stream.of(
                        service.clusterIps(),
                        service.traffic().externalIps(),
                        service.traffic().loadBalancerIps())
                .flatMap(List::stream)
                .forEach(address -> services.put(address, name.toString()));
        for (Service.Port port : service.ports()) {
            if (port.nodePort() > 0) {
                nodePorts.put(new NodePort(port.protocol().number(), port.nodePort()), name.toString());
            }
        }
    }

    void add(ConntrackEntry entry) {
        entries++;
        Tuple first = entry.original();
        String opener = pods.getOrDefault(first.source(), "");
        String target = pods.getOrDefault(entry.reply().source(), "");
        if (!opener.isEmpty()) {
            count(new Holder("Pod", opener, true));
        } else if (!target.isEmpty()) {
            count(new Holder("Pod", target, false));
        }
        service(first).ifPresent(name -> count(new Holder("Service", name, false)));
    }

    private Optional<String> service(Tuple first) {
        return Optional.ofNullable(services.get(first.destination()))
                .or(() -> own.contains(first.destination())
                        ? Optional.ofNullable(nodePorts.get(new NodePort(first.protocol(), first.destinationPort())))
                        : Optional.empty());
    }

    private void count(Holder holder) {
        counts.merge(holder, 1, Integer::sum);
    }

    /** Those with a large part, the largest first. */
    List<ConntrackShare> largest() {
        List<ConntrackShare> shares = new ArrayList<>();
        counts.forEach((holder, count) -> {
            int percent = (int) Math.round(100.0 * count / entries);
            if (percent >= LEAST_PERCENT) {
                shares.add(new ConntrackShare(holder.kind(), holder.name(), holder.opened(), percent));
            }
        });
        shares.sort(Comparator.comparingInt(ConntrackShare::percent)
                .reversed()
                .thenComparing(ConntrackShare::kind)
                .thenComparing(ConntrackShare::name));
        return shares.subList(0, Math.min(SHOWN, shares.size()));
    }
}
