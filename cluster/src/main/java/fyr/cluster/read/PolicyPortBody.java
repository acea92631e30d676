package fyr.cluster.read;

import fyr.model.Protocol;
import fyr.model.policy.PolicyPort;

/** A NetworkPolicyPort: a number or name, a range, or all of a protocol. */
final class PolicyPortBody {

    private final JsonCursor json;
    private Protocol protocol = Protocol.TCP;
    private int first;
    private int last;
    private String name = "";

    PolicyPortBody(JsonCursor json) {
        this.json = json;
    }

    PolicyPort read() {
        json.object(this::field);
        if (last != 0 && first == 0) {
            throw json.malformed("endPort needs a port that is a number");
        }
        if (last != 0 && last < first) {
            throw json.malformed("endPort " + last + " is below port " + first);
        }
        if (!name.isEmpty()) {
            return new PolicyPort.Named(protocol, name);
        }
        return first == 0
                ? new PolicyPort.All(protocol)
                : new PolicyPort.Range(protocol, first, last == 0 ? first : last);
    }

    private void field(String field) {
        switch (field) {
            case "protocol" -> protocol = json.protocol();
            case "port" -> port();
            case "endPort" -> last = json.absent() ? 0 : json.port(1);
            default -> json.skip();
        }
    }

    private void port() {
        if (json.number()) {
            first = json.port(1);
        } else {
            name = json.sharedText();
        }
    }
}
