package fyr.lab.check;

import fyr.model.Protocol;
import fyr.model.address.IpAddress;

/**
 * The expected and the observed result of one probe.
 *
 * @param from the source: {@code namespace/pod}, {@code node:name} or {@code outside}
 * @param to the target: {@code namespace/pod}, {@code service:namespace/name} or {@code dns}
 * @param declared whether the port is one that the pod, service or DNS says it has
 * @param observed whether an answer came, from one of the expected ends
 * @param sourceSeen whether a pod that answered saw the source pod's own address: no translation between pods
 * @param holds whether observation and expectation agree
 * @param because what the policies say, in words
 */
public record CheckResult(
        String from,
        String to,
        IpAddress address,
        int port,
        Protocol protocol,
        boolean declared,
        Expected expected,
        boolean observed,
        boolean sourceSeen,
        boolean holds,
        String because) {

    /** What to expect according to the policies. */
    public enum Expected {
        ALLOW,
        DENY,
        /** It depends on which of several endpoints is chosen, or on the address with which the other end sees the client. */
        EITHER
    }
}
