package fyr.cluster.read;

import fyr.cluster.protobuf.Schemas;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.ServiceTraffic.Policy;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Objection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a Service says about its connections, and where its load balancer is. */
final class TrafficBody {

    private static final Map<String, Policy> POLICIES =
            Map.of("", Policy.CLUSTER, "Cluster", Policy.CLUSTER, "Local", Policy.LOCAL);
    private static final Map<String, Boolean> AFFINITIES = Map.of("", false, "None", false, "ClientIP", true);

    /** Whether a load balancer leaves the destination of packets as it is; one in the manner of a proxy sends them to node ports. */
    private static final Map<String, Boolean> MODES = Map.of("", true, "VIP", true, "Proxy", false);

    /** The kernel's words for schedulers that Fyr knows, each in one instance. */
    private static final Map<String, Optional<String>> SCHEDULERS = Stream.of("rr", "wrr", "lc", "wlc", "sh", "mh")
            .collect(Collectors.toUnmodifiableMap(word -> word, Optional::of));

    private static final int DEFAULT_TIMEOUT = 10_800; // seconds; DefaultClientIPServiceAffinitySeconds of core/v1
    private static final int LONGEST_TIMEOUT = 86_400; // MaxClientIPServiceAffinitySeconds

    /** Fields that controllers act on: endpoints, addresses, ports and hints follow from them. */
    private static final Set<String> FOR_OTHERS = Set.of(
            "selector",
            "ipFamilies",
            "ipFamilyPolicy",
            "allocateLoadBalancerNodePorts",
            "loadBalancerClass",
            "loadBalancerIP",
            "trafficDistribution");

    private Policy internal = Policy.CLUSTER;
    private Policy external = Policy.CLUSTER;
    private boolean clientIp;
    private int timeout = DEFAULT_TIMEOUT;
    private int healthCheckNodePort;
    private String scheduler = "";
    private List<Optional<IpAddress>> externalIps = List.of();
    private List<Optional<Prefix>> sourceRanges = List.of();
    private final Set<IpAddress> loadBalancerIps = new LinkedHashSet<>();

    /** Reads an annotation, or skips it. */
    void annotation(String key, JsonCursor json) {
        if (key.equals(Schemas.SCHEDULER)) {
            scheduler = json.text().strip();
        } else {
            json.skip();
        }
    }

    /** Reads a field of the specification, or skips it. */
    void spec(String field, JsonCursor json) {
        switch (field) {
            case "internalTrafficPolicy" -> internal = json.one(field, POLICIES);
            case "externalTrafficPolicy" -> external = json.one(field, POLICIES);
            case "sessionAffinity" -> clientIp = json.one(field, AFFINITIES);
            case "sessionAffinityConfig" -> json.object(config -> affinity(config, json));
            case "healthCheckNodePort" -> healthCheckNodePort = json.absent() ? 0 : json.port(0);
            case "externalIPs" -> externalIps = json.each(json::address);
            case "loadBalancerSourceRanges" -> sourceRanges = json.each(() -> json.trimmed(Prefix::parse));
            default -> other(field, json);
        }
    }

    private static void other(String field, JsonCursor json) {
        if (!FOR_OTHERS.contains(field)) {
            json.unsupported(new Fault(
                    Objection.UNSUPPORTED,
                    "spec." + Excerpt.of(field),
                    "is not known to this version: connections do not depend on it"));
        }
        json.skip();
    }

    private void affinity(String field, JsonCursor json) {
        if (!field.equals("clientIP")) {
            json.skip();
            return;
        }
        json.object(name -> {
            if (name.equals("timeoutSeconds") && !json.absent()) {
                timeout = json.integer(1, LONGEST_TIMEOUT);
            } else {
                json.skip();
            }
        });
    }

    /** Reads the status. */
    void status(JsonCursor json) {
        json.object(field -> {
            if (field.equals("loadBalancer")) {
                json.object(name -> {
                    if (name.equals("ingress")) {
                        json.each(() -> ingress(json));
                    } else {
                        json.skip();
                    }
                });
            } else {
                json.skip();
            }
        });
    }

    private boolean ingress(JsonCursor json) {
        List<IpAddress> address = new ArrayList<>(1);
        boolean[] packets = {true};
        json.object(field -> {
            switch (field) {
                case "ip" -> {
                    if (!json.absent()) {
                        address.add(json.address());
                    }
                }
                case "ipMode" -> packets[0] = json.one(field, MODES);
                default -> json.skip();
            }
        });
        if (packets[0]) {
            loadBalancerIps.addAll(address);
        }
        return true;
    }

    /** An unknown one is not worth a Service. */
    private Optional<String> scheduler(JsonCursor json) {
        Optional<String> known = SCHEDULERS.getOrDefault(scheduler, Optional.empty());
        if (known.isEmpty() && !scheduler.isEmpty()) {
            json.unsupported(new Fault(
                    Objection.UNSUPPORTED,
                    "metadata.annotations[" + Schemas.SCHEDULER + "]",
                    "must be rr, wrr, lc, wlc, sh or mh, not '" + Excerpt.of(scheduler)
                            + "': the node's scheduler is used"));
        }
        return known;
    }

    /** If no range can be read, nobody may be let in by mistake. */
    ServiceTraffic finish(Service.Type type, JsonCursor json) {
        List<Prefix> ranges = sourceRanges.stream().flatMap(Optional::stream).toList();
        if (ranges.isEmpty() && !sourceRanges.isEmpty()) {
            throw new Malformed("spec.loadBalancerSourceRanges", "has no range that can be read");
        }
        ServiceTraffic traffic = new ServiceTraffic(
                internal,
                external,
                clientIp ? Optional.of(Duration.ofSeconds(timeout)) : Optional.empty(),
                externalIps.stream().flatMap(Optional::stream).distinct().toList(),
                type == Service.Type.LOAD_BALANCER ? List.copyOf(loadBalancerIps) : List.of(),
                ranges,
                // Only where it has a meaning: the API server clears it otherwise, other sources may not.
                type == Service.Type.LOAD_BALANCER && external == Policy.LOCAL ? healthCheckNodePort : 0,
                scheduler(json));
        return traffic.equals(ServiceTraffic.USUAL) ? ServiceTraffic.USUAL : traffic;
    }
}
