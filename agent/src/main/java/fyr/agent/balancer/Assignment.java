package fyr.agent.balancer;

import fyr.model.address.IpAddress;
import fyr.model.balancer.Condition;
import java.util.List;
import java.util.Optional;

/**
 * What the status of a Service should say.
 *
 * @param addresses empty if the addresses in the status are to stay as they are, because somebody else has written them
 * @param condition empty if the status should not have the condition
 */
record Assignment(Optional<List<IpAddress>> addresses, Optional<Condition> condition) {

    Assignment {
        addresses = addresses.map(List::copyOf);
    }
}
