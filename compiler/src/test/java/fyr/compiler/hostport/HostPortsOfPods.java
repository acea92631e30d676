package fyr.compiler.hostport;

import fyr.model.Attachment;
import fyr.model.HostPort;
import fyr.model.NamespacedName;
import fyr.model.PodUid;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Pods with host ports, in the words of tests. */
final class HostPortsOfPods {

    private HostPortsOfPods() {}

    /** A pod of both families: {@code 10.244.1.NUMBER} and {@code fd00:10:244:1::NUMBER}. */
    static Attachment pod(String name, int number, HostPort... ports) {
        return new Attachment(
                name,
                "eth0",
                "fyr" + name,
                MacAddress.local(number),
                List.of(IpAddress.parse("10.244.1." + number), IpAddress.parse("fd00:10:244:1::" + number)),
                new NamespacedName("default", name),
                PodUid.UNKNOWN,
                List.of(ports));
    }

    static HostPort port(String hostIp, Protocol protocol, int port, int podPort) {
        return new HostPort(
                hostIp.isEmpty() ? Optional.empty() : Optional.of(IpAddress.parse(hostIp)), protocol, port, podPort);
    }

    static PersistentMap<String, Attachment> pods(Attachment... pods) {
        PersistentMap<String, Attachment> all = PersistentMap.empty();
        for (Attachment pod : Stream.of(pods).toList()) {
            all = all.with(pod.key(), pod);
        }
        return all;
    }
}
