package fyr.lab.cluster;

import fyr.cluster.client.ApiClient;
import fyr.model.address.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The Service {@code kube-system/kube-dns}, by which programs find cluster DNS, and which keeps its addresses from other Services. It selects no
 * pod: each node's agent answers at these addresses.
 */
final class DnsService {

    private static final String PATH = "/api/v1/namespaces/kube-system/services";

    private DnsService() {}

    /**
     * Makes it, unless it is there.
     *
     * @param addresses at most one of each family, the primary one first
     */
    static void announce(ApiClient client, List<IpAddress> addresses) throws InterruptedException {
        FirstObjects.create(client, PATH, object(addresses).getBytes(StandardCharsets.UTF_8));
    }

    private static String object(List<IpAddress> addresses) {
        String quoted = addresses.stream().map(address -> "\"" + address + "\"").collect(Collectors.joining(","));
        return """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"kube-dns","namespace":"kube-system","labels":{
                  "k8s-app":"kube-dns","kubernetes.io/cluster-service":"true","kubernetes.io/name":"CoreDNS"}},
                 "spec":{"type":"ClusterIP","ipFamilyPolicy":"PreferDualStack","clusterIP":"%s","clusterIPs":[%s],
                  "selector":{"k8s-app":"kube-dns"},"ports":[
                  {"name":"dns","protocol":"UDP","port":53,"targetPort":53},
                  {"name":"dns-tcp","protocol":"TCP","port":53,"targetPort":53}]}}
                """.formatted(addresses.getFirst(), quoted);
    }
}
