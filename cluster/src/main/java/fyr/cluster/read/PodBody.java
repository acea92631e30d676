package fyr.cluster.read;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.PodUid;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** core/v1 Pod. */
final class PodBody implements ObjectReader.Body<Pod> {

    /**
     * On the object that represents a static pod: the UID by which the kubelet, the runtime and therefore CNI know it; the object itself
     * has another UID (applyDefaults in pkg/kubelet/config/common.go, CreateMirrorPod in pkg/kubelet/pod/mirror_client.go).
     */
    private static final String MIRROR = "kubernetes.io/config.mirror";

    private String uid = "";
    private String mirror = "";
    private Optional<String> node = Optional.empty();
    private List<IpAddress> addresses = List.of();
    private Optional<IpAddress> address = Optional.empty();
    private boolean hostNetwork;
    private boolean finished;
    private List<Pod.ContainerPort> containerPorts = List.of();
    private List<Pod.ContainerPort> sidecarPorts = List.of();

    @Override
    public boolean field(String name, JsonCursor json) {
        switch (name) {
            case "spec" -> json.object(field -> spec(field, json));
            case "status" -> json.object(field -> status(field, json));
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean metadata(String name, JsonCursor json) {
        switch (name) {
            case "uid" -> uid = json.text();
            case "annotations" ->
                json.object(annotation -> {
                    if (annotation.equals(MIRROR)) {
                        mirror = json.text();
                    } else {
                        json.skip();
                    }
                });
            default -> {
                return false;
            }
        }
        return true;
    }

    private void spec(String field, JsonCursor json) {
        switch (field) {
            case "nodeName" -> node = json.optional();
            case "hostNetwork" -> hostNetwork = json.flag();
            case "containers" -> containerPorts = ports(json, false);
            case "initContainers" -> sidecarPorts = ports(json, true);
            default -> json.skip();
        }
    }

    private void status(String field, JsonCursor json) {
        switch (field) {
            case "phase" -> {
                String phase = json.text();
                finished = phase.equals("Succeeded") || phase.equals("Failed");
            }
            case "podIPs" ->
                addresses = json.each(() -> podIp(json)).stream()
                        .flatMap(Optional::stream)
                        .toList();
            case "podIP" -> address = json.absent() ? Optional.empty() : podIpText(json);
            default -> json.skip();
        }
    }

    private static Optional<IpAddress> podIpText(JsonCursor json) {
        String text = json.text();
        return text.isEmpty() ? Optional.empty() : Optional.of(json.address());
    }

    private static IpAddress podIp(JsonCursor json) {
        List<IpAddress> ip = new ArrayList<>(1);
        json.object(field -> {
            if (field.equals("ip")) {
                ip.add(json.address());
            } else {
                json.skip();
            }
        });
        if (ip.isEmpty()) {
            throw json.malformed("ip is missing");
        }
        return ip.getFirst();
    }

    /** Ports of the containers; among init containers only of those that keep running (KEP-753: restartPolicy Always). */
    private static List<Pod.ContainerPort> ports(JsonCursor json, boolean onlySidecars) {
        List<Pod.ContainerPort> all = new ArrayList<>();
        json.list(() -> {
            boolean[] counts = {!onlySidecars};
            List<Pod.ContainerPort> ports = new ArrayList<>();
            json.object(field -> {
                switch (field) {
                    case "ports" -> ports.addAll(json.list(() -> port(json)));
                    case "restartPolicy" -> counts[0] = counts[0] || json.text().equals("Always");
                    default -> json.skip();
                }
            });
            return counts[0] && all.addAll(ports);
        });
        return all;
    }

    private static Pod.ContainerPort port(JsonCursor json) {
        PortBody port = PortBody.read(json, "containerPort");
        return json.shared(new Pod.ContainerPort(port.name(), port.protocol(), port.required()));
    }

    /**
     * Finished pods are kept only by name, because a cluster with jobs has thousands of them and nothing else about them is ever needed.
     */
    @Override
    public Optional<Pod> finish(NamespacedName name, Labels labels, JsonCursor json) {
        if (finished) {
            return Optional.of(new Pod(name, Labels.none(), node, List.of(), hostNetwork, true, List.of()));
        }
        List<Pod.ContainerPort> ports = new ArrayList<>(sidecarPorts);
        ports.addAll(containerPorts);
        List<IpAddress> all = addresses.isEmpty() ? address.stream().toList() : addresses;
        return Optional.of(new Pod(
                name,
                labels,
                node,
                all,
                hostNetwork,
                finished,
                json.shared(List.copyOf(ports)),
                PodUid.of(mirror.isEmpty() ? uid : mirror)));
    }
}
