package fyr.lab.check;

import fyr.model.Protocol;
import fyr.model.address.IpAddress;

/**
 * What was expected of one probe and what was observed.
 *
 * @param from who asked: {@code namespace/pod}, {@code node:name} or {@code outside}
 * @param to who was asked: {@code namespace/pod}, {@code service:namespace/name} or {@code dns}
 * @param declared whether the port is one that the pod, service or DNS says it has
 * @param observed whether an answer came, of one who was asked
 * @param sourceSeen whether a pod that answered saw the asking pod's own address: no translation between pods
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

    /** What the policies let expect. */
    public enum Expected {
        ALLOW,
        DENY,
        /** It depends on which of several endpoints is drawn, or by which address the other end knows the client. */
        EITHER
    }
}
