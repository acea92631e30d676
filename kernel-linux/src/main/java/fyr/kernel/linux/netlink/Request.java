package fyr.kernel.linux.netlink;

import fyr.kernel.Errno;
import java.util.Set;

/**
 * A message that changes something.
 *
 * @param operation for error messages, with its object: {@code RTM_NEWROUTE 10.1.0.0/24}
 * @param message with NLM_F_REQUEST; the socket adds the rest
 * @param tolerated answers that are as good as success: ESRCH when something absent is deleted
 */
public record Request(String operation, MessageWriter message, Set<Errno> tolerated) {

    public Request {
        tolerated = Set.copyOf(tolerated);
    }

    /** One that must succeed. */
    public static Request of(String operation, MessageWriter message) {
        return new Request(operation, message, Set.of());
    }
}
