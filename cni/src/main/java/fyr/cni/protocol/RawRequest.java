package fyr.cni.protocol;

import java.util.Map;

/** A request as the runtime made it: the CNI_ variables and the bytes of standard input. */
public record RawRequest(Map<String, String> environment, byte[] configuration) {

    public RawRequest {
        environment = Map.copyOf(environment);
    }

    /** The value of a variable, empty text if it is absent: the specification does not tell the two apart. */
    String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /** CNI_COMMAND. */
    public String command() {
        return variable("CNI_COMMAND");
    }

    /** Container and interface as they came, for logs; empty if no container is named. */
    public String attachment() {
        return variable("CNI_CONTAINERID").isEmpty() ? "" : variable("CNI_CONTAINERID") + "/" + variable("CNI_IFNAME");
    }
}
