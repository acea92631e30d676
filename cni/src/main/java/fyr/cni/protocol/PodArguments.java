package fyr.cni.protocol;

import fyr.model.NamespacedName;
import java.util.HashMap;
import java.util.Map;

/**
 * CNI_ARGS: {@code K=V;K=V}. Deprecated by the specification, but both containerd and CRI-O use it to name the pod of a sandbox. Unknown
 * keys are ignored, whatever {@code IgnoreUnknown} says.
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

    /** The pod's name, empty if it was not given. */
    NamespacedName pod() {
        return new NamespacedName(
                values.getOrDefault("K8S_POD_NAMESPACE", ""), values.getOrDefault("K8S_POD_NAME", ""));
    }

    /** The pod's UID, empty if it was not given: containerd and CRI-O give it since the middle of 2021. */
    String podUid() {
        return values.getOrDefault("K8S_POD_UID", "");
    }
}
