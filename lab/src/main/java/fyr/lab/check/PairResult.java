package fyr.lab.check;

import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;

/**
 * What was expected of one probe between two pods and what was observed.
 *
 * @param sourceSeen whether the destination, if it answered, saw the source's own address: no translation between pods
 * @param because what the policies say, in words
 */
public record PairResult(
        NamespacedName from,
        NamespacedName to,
        IpAddress address,
        int port,
        Protocol protocol,
        boolean expected,
        boolean observed,
        boolean sourceSeen,
        String because) {

    /** Whether observation and expectation agree. */
    public boolean holds() {
        return expected == observed && (!observed || sourceSeen);
    }
}
