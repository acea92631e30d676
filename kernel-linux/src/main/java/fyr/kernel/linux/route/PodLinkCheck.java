package fyr.kernel.linux.route;

import fyr.model.address.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Compares one end of a pod's link with what it should be. */
final class PodLinkCheck {

    private PodLinkCheck() {}

    static List<String> end(Optional<KernelLink> found, String name, Optional<MacAddress> mac, OptionalInt mtu) {
        if (found.isEmpty()) {
            return List.of("link " + name + " is missing");
        }
        KernelLink link = found.get();
        List<String> faults = new ArrayList<>();
        if (!link.kind().equals("veth")) {
            faults.add("link " + name + " is no veth but " + (link.kind().isEmpty() ? "of no kind" : link.kind()));
        }
        if (!link.up()) {
            faults.add("link " + name + " is down");
        }
        if (link.mtu() != mtu.orElse(link.mtu())) {
            faults.add("link " + name + " has MTU " + link.mtu() + " instead of " + mtu.getAsInt());
        }
        if (mac.isPresent() && !link.mac().equals(mac)) {
            faults.add("link " + name + " has Ethernet address "
                    + link.mac().map(MacAddress::toString).orElse("none") + " instead of " + mac.get());
        }
        return faults;
    }
}
