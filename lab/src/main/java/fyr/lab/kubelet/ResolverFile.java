package fyr.lab.kubelet;

import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A pod's {@code /etc/resolv.conf} by {@code dnsPolicy} and {@code dnsConfig} (kubernetes.io: DNS for Services and Pods), with the limits of
 * KEP-2595: three servers, 32 search domains, 2,048 characters of them.
 */
final class ResolverFile {

    private static final int MOST_SERVERS = 3;
    private static final int MOST_DOMAINS = 32;
    private static final int LONGEST_SEARCH = 2048;

    private final SequencedSet<String> servers = new LinkedHashSet<>();
    private final SequencedSet<String> domains = new LinkedHashSet<>();
    private final Map<String, String> options = new LinkedHashMap<>();

    private ResolverFile() {}

    /** The text of the file. */
    static String of(PodFacts pod, KubeletSettings settings) {
        ResolverFile file = new ResolverFile();
        switch (policy(pod, settings)) {
            case "None" -> {}
            case "Default" -> settings.resolvers().forEach(address -> file.servers.add(address.toString()));
            case String _ -> file.cluster(pod.namespace(), settings.clusterDns(), settings.clusterDomain());
        }
        file.merge(pod.spec().path("dnsConfig"));
        return file.text();
    }

    /** ClusterFirst means Default for pods in the node's network, and where there is no cluster DNS. */
    private static String policy(PodFacts pod, KubeletSettings settings) {
        String policy = pod.spec().path("dnsPolicy").asString("ClusterFirst");
        boolean cluster =
                policy.equals("ClusterFirst") && !pod.hostNetwork() || policy.equals("ClusterFirstWithHostNet");
        return policy.equals("None") || cluster && !settings.clusterDns().isEmpty() ? policy : "Default";
    }

    private void cluster(String namespace, List<IpAddress> dns, String domain) {
        dns.forEach(address -> servers.add(address.toString()));
        domains.addAll(List.of(namespace + ".svc." + domain, "svc." + domain, domain));
        options.put("ndots", "5");
    }

    private void merge(JsonNode config) {
        config.path("nameservers").forEach(server -> servers.add(server.asString()));
        config.path("searches").forEach(search -> domains.add(search.asString()));
        config.path("options")
                .forEach(option -> options.put(
                        option.path("name").asString(), option.path("value").asString("")));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        if (!domains.isEmpty()) {
            text.append("search ").append(String.join(" ", search())).append('\n');
        }
        servers.stream()
                .limit(MOST_SERVERS)
                .forEach(server -> text.append("nameserver ").append(server).append('\n'));
        if (!options.isEmpty()) {
            text.append("options ")
                    .append(options.entrySet().stream()
                            .map(option -> option.getValue().isEmpty()
                                    ? option.getKey()
                                    : option.getKey() + ":" + option.getValue())
                            .collect(Collectors.joining(" ")))
                    .append('\n');
        }
        return text.toString();
    }

    private List<String> search() {
        List<String> kept = new ArrayList<>();
        int length = -1;
        for (String domain : domains) {
            length += domain.length() + 1;
            if (kept.size() == MOST_DOMAINS || length > LONGEST_SEARCH) {
                break;
            }
            kept.add(domain);
        }
        return kept;
    }
}
