package fyr.lab.kubelet;

import fyr.lab.world.Place;
import fyr.model.address.IpAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * The settings of a kubelet.
 *
 * @param home the node's directory, with {@code bin} (CNI executables) and {@code conf} (CNI network lists)
 * @param pods where each pod's directory goes: {@code NAMESPACE/NAME}, see {@link PodDirectory}
 * @param enter the program that runs a command in another network namespace
 * @param resolvers of the node itself
 */
public record KubeletSettings(
        Place place,
        Path home,
        Path pods,
        Path enter,
        List<IpAddress> clusterDns,
        String clusterDomain,
        List<IpAddress> resolvers) {

    public KubeletSettings {
        clusterDns = List.copyOf(clusterDns);
        resolvers = List.copyOf(resolvers);
    }

    Path executables() {
        return home.resolve("bin");
    }

    Path networks() {
        return home.resolve("conf");
    }
}
