package fyr.cni.protocol;

import fyr.model.HostPort;
import fyr.model.NamespacedName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A valid request of the runtime. {@code network} is the name in the configuration. */
public sealed interface CniRequest {

    /** The version of the configuration, in which the answer is written. */
    CniVersion version();

    /**
     * Attach a pod.
     *
     * @param pod from CNI_ARGS, empty names if the runtime did not say
     * @param podUid from CNI_ARGS, empty if the runtime did not say
     * @param hostPorts ports of the node that lead to the pod ({@code portMappings})
     * @param previous the result of the plugins before this one in the list, empty for the first
     */
    record Add(
            CniVersion version,
            String network,
            AttachmentKey attachment,
            Path namespace,
            NamespacedName pod,
            String podUid,
            List<HostPort> hostPorts,
            Optional<JsonNode> previous)
            implements CniRequest {
        public Add {
            hostPorts = List.copyOf(hostPorts);
        }
    }

    /** Detach a pod; a missing attachment is no error. */
    record Delete(CniVersion version, AttachmentKey attachment) implements CniRequest {}

    /** Report an error if something of an attachment is missing. */
    record Check(CniVersion version, AttachmentKey attachment, Path namespace, Optional<JsonNode> previous)
            implements CniRequest {}

    /**
     * Detach all pods of this network except these.
     *
     * @param valid empty if the runtime gave no list ({@code cnitool gc}): then only unused attachments are detached
     */
    record Collect(CniVersion version, String network, Optional<Set<AttachmentKey>> valid) implements CniRequest {}

    /** Report an error if an ADD could not be served now. */
    record Status(CniVersion version) implements CniRequest {}
}
