package fyr.cni.state;

import fyr.cni.protocol.AttachmentKey;
import fyr.kernel.pod.PodLink;
import fyr.model.Attachment;
import fyr.model.HostPort;
import fyr.model.NamespacedName;
import fyr.model.PodUid;
import java.util.List;

/**
 * An attachment as it is stored on disk.
 *
 * @param network name of the CNI network it belongs to
 * @param podUid as given by the runtime; empty if it was not given, or the file was written by an older agent
 * @param hostPorts ports of the node that lead to the pod; none if the file was written by an older agent
 * @param bootId the boot it was made in (/proc/sys/kernel/random/boot_id): no link survives a boot
 */
public record StoredAttachment(
        AttachmentKey key,
        String network,
        PodLink link,
        NamespacedName pod,
        String podUid,
        List<HostPort> hostPorts,
        String bootId) {

    public StoredAttachment {
        hostPorts = List.copyOf(hostPorts);
    }

    /** What the rest of the agent needs to know about it. */
    public Attachment attachment() {
        return new Attachment(
                key.containerId(),
                key.interfaceName(),
                link.hostName(),
                link.podMac(),
                link.addresses(),
                pod,
                PodUid.of(podUid),
                hostPorts);
    }
}
