package fyr.cni.state;

import fyr.cni.protocol.AttachmentKey;
import fyr.kernel.pod.PodLink;
import fyr.model.HostPort;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An attachment as JSON, one object in one file. */
final class AttachmentText {

    private static final JsonMapper JSON = JsonMapper.shared();

    private AttachmentText() {}

    static byte[] write(StoredAttachment attachment) {
        PodLink link = attachment.link();
        ObjectNode text = JSON.createObjectNode()
                .put("containerId", attachment.key().containerId())
                .put("interfaceName", attachment.key().interfaceName())
                .put("network", attachment.network())
                .put("namespace", link.namespace().toString())
                .put("hostLink", link.hostName())
                .put("hostMac", link.hostMac().toString())
                .put("podMac", link.podMac().toString())
                .put("mtu", link.mtu());
        link.addresses().forEach(address -> text.withArray("addresses").add(address.toString()));
        text.put("podNamespace", attachment.pod().namespace())
                .put("podName", attachment.pod().name())
                .put("podUid", attachment.podUid());
        attachment.hostPorts().forEach(port -> write(port, text.withArray("hostPorts")));
        return JSON.writeValueAsBytes(text.put("bootId", attachment.bootId()));
    }

    private static void write(HostPort port, ArrayNode ports) {
        ObjectNode text = ports.addObject()
                .put("protocol", port.protocol().name())
                .put("port", port.port())
                .put("podPort", port.podPort());
        port.address().ifPresent(address -> text.put("address", address.toString()));
    }

    /**
     * @throws IllegalArgumentException if these are not the bytes of a complete and valid attachment
     */
    static StoredAttachment read(byte[] bytes) {
        try {
            return read(JSON.readTree(bytes));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static StoredAttachment read(JsonNode text) {
        AttachmentKey key = new AttachmentKey(string(text, "containerId"), string(text, "interfaceName"));
        PodLink link = new PodLink(
                string(text, "hostLink"),
                key.interfaceName(),
                Path.of(string(text, "namespace")),
                MacAddress.parse(string(text, "hostMac")),
                MacAddress.parse(string(text, "podMac")),
                text.path("mtu").asInt(0),
                text.path("addresses")
                        .valueStream()
                        .map(AttachmentText::address)
                        .toList());
        NamespacedName pod = new NamespacedName(string(text, "podNamespace"), string(text, "podName"));
        // Older agents did not write it.
        String podUid = text.has("podUid") ? string(text, "podUid") : "";
        return new StoredAttachment(
                key,
                string(text, "network"),
                link,
                pod,
                podUid,
                hostPorts(text.path("hostPorts")),
                string(text, "bootId"));
    }

    /** Older agents did not write them. */
    private static List<HostPort> hostPorts(JsonNode ports) {
        if (!ports.isArray() && !ports.isMissingNode()) {
            throw new IllegalArgumentException("'hostPorts' is not a list");
        }
        return ports.valueStream().map(AttachmentText::hostPort).toList();
    }

    private static HostPort hostPort(JsonNode text) {
        Optional<IpAddress> address =
                text.has("address") ? Optional.of(IpAddress.parse(string(text, "address"))) : Optional.empty();
        return new HostPort(
                address,
                Protocol.valueOf(string(text, "protocol")),
                text.path("port").asInt(0),
                text.path("podPort").asInt(0));
    }

    private static IpAddress address(JsonNode address) {
        return IpAddress.parse(address.asString(""));
    }

    private static String string(JsonNode text, String key) {
        JsonNode value = text.path(key);
        if (!value.isString()) {
            throw new IllegalArgumentException("no text for '" + key + "'");
        }
        return value.stringValue();
    }
}
