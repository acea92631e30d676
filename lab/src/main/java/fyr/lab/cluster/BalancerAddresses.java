package fyr.lab.cluster;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Which Service has which load balancer address: one of each of its families. Not thread-safe. */
final class BalancerAddresses {

    private final List<Prefix> ranges;
    /** The uid of the Service that has the address. */
    private final Map<IpAddress, String> owners = new HashMap<>();

    /** From these ranges, of which the first and the last address are not used. */
    BalancerAddresses(List<Prefix> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    /** Notes what a Service has already, unless another one has it. */
    void claim(JsonNode service) {
        if (isOurs(service)) {
            current(service).stream()
                    .filter(this::isInRange)
                    .forEach(address -> owners.putIfAbsent(address, uid(service)));
        }
    }

    /** The addresses of a Service; none if it is no load balancer, or one of another class. */
    List<IpAddress> of(JsonNode service) {
        if (!isOurs(service)) {
            release(service);
            return List.of();
        }
        List<IpAddress> given = new ArrayList<>();
        for (JsonNode name : service.path("spec").path("ipFamilies")) {
            Family family = name.asString("").equals("IPv6") ? Family.IPV6 : Family.IPV4;
            choose(service, family).ifPresent(given::add);
        }
        release(service);
        given.forEach(address -> owners.put(address, uid(service)));
        return given;
    }

    /** The Service is gone. */
    void release(JsonNode service) {
        owners.values().removeIf(uid(service)::equals);
    }

    private static boolean isOurs(JsonNode service) {
        JsonNode spec = service.path("spec");
        return spec.path("type").asString("").equals("LoadBalancer") && !spec.has("loadBalancerClass");
    }

    /** What it asks for, what it has, or the first that is free. */
    private Optional<IpAddress> choose(JsonNode service, Family family) {
        Stream<IpAddress> preferred = Stream.concat(asked(service).stream(), current(service).stream());
        return Stream.concat(preferred.filter(this::isInRange), ranges.stream().flatMap(this::hosts))
                .filter(address -> address.family() == family)
                .filter(address -> owners.getOrDefault(address, uid(service)).equals(uid(service)))
                .findFirst();
    }

    private Stream<IpAddress> hosts(Prefix range) {
        int bits = Math.min(16, range.family().bits() - range.length());
        return LongStream.range(1, (1L << bits) - 1).mapToObj(range.address()::plus);
    }

    private boolean isInRange(IpAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static Optional<IpAddress> asked(JsonNode service) {
        return parsed(service.path("spec").path("loadBalancerIP"));
    }

    /** The addresses in its status. */
    static List<IpAddress> current(JsonNode service) {
        return service.path("status")
                .path("loadBalancer")
                .path("ingress")
                .valueStream()
                .flatMap(ingress -> parsed(ingress.path("ip")).stream())
                .toList();
    }

    private static Optional<IpAddress> parsed(JsonNode text) {
        try {
            return Optional.of(text.asString("")).filter(one -> !one.isEmpty()).map(IpAddress::parse);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String uid(JsonNode service) {
        return service.path("metadata").path("uid").asString("");
    }
}
