package fyr.cni;

import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The final result of an ADD, as the runtime remembers it. Plugins behind us may have added to it, so ours has to be within, not equal. */
final class PreviousResult {

    private PreviousResult() {}

    /** One line for each of these addresses that is not in the result. */
    static List<String> missing(JsonNode previous, List<IpAddress> addresses) {
        var known = previous.path("ips")
                .valueStream()
                .map(ip -> ip.path("address").asString(""))
                .collect(Collectors.toSet());
        return addresses.stream()
                .map(address -> Prefix.single(address).toString())
                .filter(address -> !known.contains(address))
                .map(address -> "its address " + address + " is not in prevResult")
                .toList();
    }
}
