package fyr.lab.check;

import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where the networks of a lab are.
 *
 * @param pods of the running pods; pods that are not here are left out
 * @param nodes of the nodes
 * @param outside of the machine outside the cluster
 * @param outsideAddresses of that machine
 * @param dns where the nodes answer for the cluster's DNS
 */
public record Places(
        Map<NamespacedName, Path> pods,
        Map<String, Path> nodes,
        Path outside,
        List<IpAddress> outsideAddresses,
        List<IpAddress> dns) {

    public Places {
        pods = Map.copyOf(pods);
        nodes = Map.copyOf(nodes);
        outsideAddresses = List.copyOf(outsideAddresses);
        dns = List.copyOf(dns);
    }
}
