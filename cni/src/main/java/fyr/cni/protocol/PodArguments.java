package fyr.cni.protocol;

import fyr.model.NamespacedName;
import java.util.HashMap;
import java.util.Map;

/**
 * CNI_ARGS: {@code K=V;K=V}. Deprecated by the specification, yet it is how both containerd and CRI-O say whose sandbox this is. Keys we
 * do not know are passed over, whatever {@code IgnoreUnknown} says: they are no business of ours.
 */
final class PodArguments {

    private final Map<String, String> values;

    private PodArguments(Map<String, String> values) {
        this.values = values;
    }

    static PodArguments read(String arguments) {
        Map<String, String> values = new HashMap<>();
        for (String pair : arguments.split(";")) {
            int equals = pair.indexOf('=');
            if (equals <= 0 && !pair.isBlank()) {
                throw new CniException(
                        CniErrorCode.INVALID_ENVIRONMENT, "CNI_ARGS: '" + pair + "' is not of the form KEY=VALUE");
            }
            if (equals > 0) {
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return new PodArguments(values);
    }

    /** The pod's name, empty where it was not said. */
    NamespacedName pod() {
        return new NamespacedName(
                values.getOrDefault("K8S_POD_NAMESPACE", ""), values.getOrDefault("K8S_POD_NAME", ""));
    }

    /** The pod's UID, empty where it was not said: containerd and CRI-O say it since the middle of 2021. */
    String podUid() {
        return values.getOrDefault("K8S_POD_UID", "");
    }
}
