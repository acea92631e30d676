package fyr.kernel.link;

import fyr.model.address.IpAddress;
import java.util.Optional;

/** Reads what the node is connected with. */
public interface Links {

    /** The link that has this address. */
    Optional<HostLink> withAddress(IpAddress address);
}
