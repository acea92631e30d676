package fyr.kernel.link;

import fyr.model.address.IpAddress;
import java.util.Optional;
import java.util.Set;

/** Reads what the node is connected with. */
public interface Links {

    /** The link that has this address. */
    Optional<HostLink> withAddress(IpAddress address);

    /** The addresses of all links, whoever configured them. */
    Set<IpAddress> addresses();
}
