package fyr.agent;

import fyr.dns.forward.ResolvConf;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The hosts that an agent needs.
 *
 * @param apiServer the API server, unless it is known by a name
 * @param resolvers those that it forwards to
 */
record NeededHosts(Optional<IpAddress> apiServer, List<IpAddress> resolvers) {

    NeededHosts {
        resolvers = List.copyOf(resolvers);
    }

    static NeededHosts none() {
        return new NeededHosts(Optional.empty(), List.of());
    }

    /** All of them, in ascending order. */
    List<IpAddress> all() {
        return Stream.concat(apiServer.stream(), resolvers.stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** @param server URL of the API server */
    static NeededHosts of(AgentOptions options, String server) {
        List<IpAddress> resolvers = options.dns().upstreams().isEmpty()
                ? nameservers(options)
                : options.dns().upstreams().stream()
                        .map(InetSocketAddress::getAddress)
                        .filter(Objects::nonNull)
                        .map(InetAddress::getAddress)
                        .map(IpAddress::of)
                        .toList();
        return new NeededHosts(host(server), resolvers);
    }

    private static Optional<IpAddress> host(String server) {
        String host = Objects.requireNonNullElse(URI.create(server).getHost(), "");
        try {
            return Optional.of(IpAddress.parse(host.startsWith("[") ? host.substring(1, host.length() - 1) : host));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a name: resolving it may take long, and gives one of several addresses
        }
    }

    private static List<IpAddress> nameservers(AgentOptions options) {
        try {
            return ResolvConf.read(options.dns().resolvConf()).nameservers();
        } catch (IOException e) {
            return List.of(); // the forwarder says so
        }
    }
}
