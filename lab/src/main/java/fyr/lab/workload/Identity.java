package fyr.lab.workload;

import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.net.InetSocketAddress;

/** Who answers. The names are those of Kubernetes (RFC 1123), and so need no escapes in JSON. */
public record Identity(String pod, String namespace, String node) {

    /** The answer to a client, as one line of JSON. */
    String answer(InetSocketAddress client, int port, Protocol protocol) {
        IpAddress address = IpAddress.of(client.getAddress().getAddress());
        return "{\"pod\":\"" + pod + "\",\"namespace\":\"" + namespace + "\",\"node\":\"" + node + "\",\"client\":\""
                + address + "\",\"clientPort\":" + client.getPort() + ",\"port\":" + port
                + ",\"protocol\":\"" + protocol + "\"}\n";
    }
}
