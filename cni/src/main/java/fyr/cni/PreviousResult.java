package fyr.cni;

import fyr.kernel.pod.ExpectedPodLink;
import fyr.kernel.pod.PodLink;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The final result of an ADD, as the runtime remembers it. It, and not what we once made, says what a CHECK is to find: "must allow for a
 * later chained plugin to have modified networking resources" (SPEC.md, CHECK). What it does not list is not looked for.
 */
final class PreviousResult {

    private PreviousResult() {}

    /** What of this link is to be there. */
    static ExpectedPodLink expected(JsonNode previous, PodLink link) {
        Optional<JsonNode> podEnd = previous.path("interfaces")
                .valueStream()
                .filter(end -> end.path("name").asString("").equals(link.podName())
                        && !end.path("sandbox").asString("").isEmpty())
                .findFirst();
        return new ExpectedPodLink(
                link,
                podEnd.flatMap(end -> mac(end.path("mac").asString(""))),
                podEnd.map(PreviousResult::mtu).orElse(OptionalInt.empty()),
                among(
                        link,
                        address -> lists(
                                previous.path("ips"),
                                "address",
                                Prefix.single(address).toString())),
                among(
                        link,
                        address -> lists(
                                previous.path("routes"),
                                "gw",
                                PodLink.gateway(address).toString())));
    }

    private static Set<IpAddress> among(PodLink link, Predicate<IpAddress> listed) {
        return link.addresses().stream().filter(listed).collect(Collectors.toUnmodifiableSet());
    }

    private static boolean lists(JsonNode array, String key, String value) {
        return array.valueStream()
                .anyMatch(entry -> entry.path(key).asString("").equals(value));
    }

    private static Optional<MacAddress> mac(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(MacAddress.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // of another kind of link, which is not ours
        }
    }

    /** It came with 1.1.0. */
    private static OptionalInt mtu(JsonNode end) {
        int mtu = end.path("mtu").asInt(0);
        return mtu > 0 ? OptionalInt.of(mtu) : OptionalInt.empty();
    }
}
