package fyr.lab.workload;

import fyr.model.Protocol;
import java.net.InetSocketAddress;

/** Who answers. The names are those of Kubernetes (RFC 1123), and so need no escapes in JSON. */
public record Identity(String pod, String namespace, String node) {

    /** The answer to a client, as one line of JSON. */
    String answer(InetSocketAddress client, int port, Protocol protocol) {
        String address = client.getAddress().getHostAddress();
        int zone = address.indexOf('%');
        return "{\"pod\":\"" + pod + "\",\"namespace\":\"" + namespace + "\",\"node\":\"" + node + "\",\"client\":\""
                + (zone < 0 ? address : address.substring(0, zone)) + "\",\"clientPort\":" + client.getPort() + ",\"port\":" + port
                + ",\"protocol\":\"" + protocol + "\"}\n";
    }
}
