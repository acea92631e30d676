package fyr.cluster.read;

import fyr.model.Protocol;

/** A port of a Service, an EndpointSlice or a container: a name, a protocol and a number. */
final class PortBody {

    private final JsonCursor json;
    private final String numberField;
    private String name = "";
    private Protocol protocol = Protocol.TCP;
    private int number;
    private int nodePort;

    private PortBody(JsonCursor json, String numberField) {
        this.json = json;
        this.numberField = numberField;
    }

    /** The field of the number differs from kind to kind. */
    static PortBody read(JsonCursor json, String numberField) {
        PortBody port = new PortBody(json, numberField);
        json.object(port::field);
        return port;
    }

    private void field(String field) {
        switch (field) {
            case "name" -> name = json.sharedText();
            case "protocol" -> protocol = json.protocol();
            case "nodePort" -> nodePort = json.absent() ? 0 : json.port(0);
            default -> {
                if (field.equals(numberField)) {
                    number = json.absent() ? 0 : json.port(1);
                } else {
                    json.skip();
                }
            }
        }
    }

    String name() {
        return name;
    }

    Protocol protocol() {
        return protocol;
    }

    /** 0 if it has none. */
    int number() {
        return number;
    }

    /** The number; a complaint if there is none. */
    int required() {
        if (number == 0) {
            throw json.malformed(numberField + " is missing");
        }
        return number;
    }

    /** 0 if it has none. */
    int nodePort() {
        return nodePort;
    }
}
