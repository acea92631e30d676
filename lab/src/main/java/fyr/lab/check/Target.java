package fyr.lab.check;

import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.policy.Endpoint;
import java.util.List;
import java.util.Optional;

/**
 * What is probed.
 *
 * @param name {@code namespace/pod}, {@code service:namespace/name} or {@code dns}
 * @param declared whether the port is one that the object says it has
 * @param ends those of which one answers; none if nobody should answer
 */
record Target(
        String name,
        IpAddress address,
        int port,
        Protocol protocol,
        Probe.Question question,
        boolean declared,
        List<End> ends) {

    Target {
        ends = List.copyOf(ends);
    }

    /**
     * One that may answer.
     *
     * @param node where it is
     * @param who the pod that answers, if it says who it is
     */
    record End(Endpoint endpoint, int port, Optional<String> node, Optional<NamespacedName> who) {}
}
