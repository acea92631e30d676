package fyr.cni.protocol;

import fyr.kernel.pod.PodLink;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Results and errors as JSON, in the shape that their version prescribes. */
public final class ResultText {

    private static final JsonMapper JSON = JsonMapper.shared();

    private ResultText() {}

    /** The result of an ADD. */
    public static String result(CniResult result) {
        ObjectNode text =
                JSON.createObjectNode().put("cniVersion", result.version().text());
        JsonNode previous = result.previous().orElse(JsonNodeFactory.instance.objectNode());
        ArrayNode interfaces = copy(text, previous, "interfaces");
        int podInterface = interfaces.size() + 1;
        interfaces(interfaces, result);
        ArrayNode ips = copy(text, previous, "ips");
        ArrayNode routes = copy(text, previous, "routes");
        for (IpAddress address : result.link().addresses()) {
            address(ips.addObject(), address, podInterface, result.version());
            routes.addObject()
                    .put("dst", defaultRoute(address))
                    .put("gw", PodLink.gateway(address).toString());
        }
        text.set("dns", previous.path("dns").isObject() ? previous.path("dns") : JSON.createObjectNode());
        return JSON.writeValueAsString(text);
    }

    private static ArrayNode copy(ObjectNode text, JsonNode previous, String key) {
        ArrayNode array = text.putArray(key);
        previous.path(key).forEach(array::add);
        return array;
    }

    /** The node's end, then the pod's. {@code mtu} came with 1.1.0. */
    private static void interfaces(ArrayNode interfaces, CniResult result) {
        PodLink link = result.link();
        ObjectNode host = interfaces
                .addObject()
                .put("name", link.hostName())
                .put("mac", link.hostMac().toString());
        ObjectNode pod = interfaces
                .addObject()
                .put("name", link.podName())
                .put("mac", link.podMac().toString());
        if (result.version().compareTo(CniVersion.V1_1_0) >= 0) {
            host.put("mtu", link.mtu());
            pod.put("mtu", link.mtu());
        }
        pod.put("sandbox", link.namespace().toString());
    }

    /** {@code version} is required up to 0.4.0 and gone from 1.0.0 on. */
    private static void address(ObjectNode ip, IpAddress address, int podInterface, CniVersion version) {
        if (version.compareTo(CniVersion.V1_0_0) < 0) {
            ip.put(
                    "version",
                    switch (address.family()) {
                        case IPV4 -> "4";
                        case IPV6 -> "6";
                    });
        }
        ip.put("address", Prefix.single(address).toString())
                .put("gateway", PodLink.gateway(address).toString())
                .put("interface", podInterface);
    }

    private static String defaultRoute(IpAddress address) {
        return switch (address.family()) {
            case IPV4 -> "0.0.0.0/0";
            case IPV6 -> "::/0";
        };
    }

    /** An error; on standard output, where libcni looks for it, although section 2 of the specification says standard error. */
    public static String error(String version, CniException error) {
        ObjectNode text = JSON.createObjectNode()
                .put("cniVersion", version)
                .put("code", error.code().number())
                .put("msg", error.getMessage())
                .put("details", error.details());
        return JSON.writeValueAsString(text);
    }
}
