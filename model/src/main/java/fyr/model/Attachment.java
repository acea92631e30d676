package fyr.model;

import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import java.util.List;

/**
 * A pod's connection to this node's network, as CNI ADD created it. Known before the API server says anything about the pod's addresses.
 *
 * @param containerId CNI_CONTAINERID of the sandbox
 * @param interfaceName CNI_IFNAME, the name of the link in the pod
 * @param hostLink name of the other end of the pair, in the node's namespace
 * @param podMac Ethernet address of the pod's end
 * @param pod the pod that it belongs to; empty names if the runtime did not say (CNI_ARGS)
 * @param podUid which of the pods that had this name, as in {@link PodUid}
 * @param hostPorts ports of the node that lead to the pod
 */
public record Attachment(
        String containerId,
        String interfaceName,
        String hostLink,
        MacAddress podMac,
        List<IpAddress> addresses,
        NamespacedName pod,
        long podUid,
        List<HostPort> hostPorts) {

    /** An attachment of a pod without host ports. */
    public Attachment(
            String containerId,
            String interfaceName,
            String hostLink,
            MacAddress podMac,
            List<IpAddress> addresses,
            NamespacedName pod,
            long podUid) {
        this(containerId, interfaceName, hostLink, podMac, addresses, pod, podUid, List.of());
    }

    /** An attachment of a pod whose UID is unknown, and that has no host ports. */
    public Attachment(
            String containerId,
            String interfaceName,
            String hostLink,
            MacAddress podMac,
            List<IpAddress> addresses,
            NamespacedName pod) {
        this(containerId, interfaceName, hostLink, podMac, addresses, pod, PodUid.UNKNOWN);
    }

    public Attachment {
        addresses = List.copyOf(addresses);
        hostPorts = List.copyOf(hostPorts);
    }

    /** The same attachment with other addresses. */
    public Attachment withAddresses(List<IpAddress> others) {
        return new Attachment(containerId, interfaceName, hostLink, podMac, others, pod, podUid, hostPorts);
    }

    /** The same attachment with other host ports. */
    public Attachment withHostPorts(List<HostPort> others) {
        return new Attachment(containerId, interfaceName, hostLink, podMac, addresses, pod, podUid, others);
    }

    /** {@code container/interface}: identifies it among the attachments of a node. */
    public String key() {
        return containerId + "/" + interfaceName;
    }
}
