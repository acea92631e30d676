package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Packets of a small cluster, of both families: who answers whom. */
final class Probes {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, labels: {app: %s}}
            spec: {nodeName: %s, containers: [{name: c, image: any, ports: [{name: http, containerPort: 8080}]}]}
            ---
            """;

    /** The digit at the end of a pod's name is left out of the results, because a Service answers with any of its pods. */
    static final String CLUSTER = "apiVersion: v1\nkind: Namespace\nmetadata: {name: evil}\n---\n"
            + POD.formatted("client1", "client", "node1")
            + POD.formatted("stranger1", "stranger", "node1")
            + POD.formatted("web1", "web", "node1")
            + POD.formatted("web2", "web", "node2")
            + POD.formatted("guarded2", "guarded", "node2")
            + POD.formatted("evil2", "evil", "node2")
            + """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: NodePort, ipFamilyPolicy: RequireDualStack, selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: decoy}
            spec: {ipFamilyPolicy: RequireDualStack, ports: [{name: http, port: 80}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: guard}
            spec:
              podSelector: {matchLabels: {app: guarded}}
              policyTypes: [Ingress]
              ingress: [{from: [{podSelector: {matchLabels: {app: client}}}], ports: [{port: http}]}]
            """;

    private static final String FUNCTIONS = """
            ask() {
              name=$1 url=$2
              answer=$(curl -gsk -m 3 -w ' code:%{http_code}' "$url" 2>/dev/null)
              echo "$name: $(echo "$answer" | tr -d '\\n' | sed 's/{"pod":"\\([a-z]*\\)[0-9]*".*code:/\\1 code:/')"
            }
            resolve() {
              name=$1; shift
              echo "$name: $(dig +short +time=2 +tries=3 "$@" 2>&1 | sort | tr '\\n' ' ')"
            }
            """;

    /** More requests at once than two processors can send in time would look like harm. */
    private static final int AT_ONCE = 2;

    private final TestLab lab;
    private final Map<String, String> urls = new LinkedHashMap<>();
    private final String dns;

    Probes(TestLab lab, LabAddresses addresses) {
        this.lab = lab;
        for (String pod : List.of("web1", "web2", "guarded2")) {
            urls.put(pod + "-v4", "http://" + addresses.get(pod + "/4") + ":8080/");
            urls.put(pod + "-v6", "http://[" + addresses.get(pod + "/6") + "]:8080/");
        }
        urls.put("service-v4", "http://" + addresses.get("web/4") + "/");
        urls.put("service-v6", "http://[" + addresses.get("web/6") + "]/");
        String port = addresses.get("web/node");
        for (String node : List.of("172.18.0.11", "172.19.0.12", "[fd00:18::b]", "[fd00:19::c]")) {
            urls.put("node-port-" + node, "http://" + node + ":" + port + "/");
        }
        urls.put("api-v4", "https://172.31.0.2:6443/readyz");
        urls.put("api-v6", "https://[fd00:31::2]:6443/readyz");
        urls.put("api-plain-v4", "http://172.31.0.2:8080/readyz");
        urls.put("api-service", "https://10.96.0.1/readyz");
        urls.put("outside-v4", "http://203.0.113.10:8080/");
        urls.put("outside-v6", "http://[2001:db8::10]:8080/");
        StringBuilder script = new StringBuilder();
        for (String server : List.of("10.96.0.10", "fd00:10:96::a")) {
            for (String type : List.of("A", "AAAA")) {
                for (String transport : List.of("+notcp", "+tcp")) {
                    script.append("resolve '%1$s %2$s %3$s' @%1$s %2$s %3$s web.default.svc.cluster.local &\n"
                            .formatted(server, type, transport));
                }
            }
            script.append("resolve '%1$s outside' @%1$s A example.com &\n".formatted(server));
        }
        dns = script.toString();
    }

    private String script(boolean withDns) {
        StringBuilder script = new StringBuilder(FUNCTIONS);
        urls.forEach((name, url) -> script.append("ask '%s' '%s' &\n".formatted(name, url)));
        return script.append(withDns ? dns : "").append("wait\n").toString();
    }

    private record Asker(String name, List<String> place, boolean withDns) {}

    /** The answers. Who asks: two pods of one node, a pod of the other one, both nodes, and the machine outside; two of them at once, 50 requests. */
    private String results() throws Exception {
        List<Asker> askers = List.of(
                new Asker("client", List.of("client1"), true),
                new Asker("stranger", List.of("stranger1"), true),
                new Asker("web2", List.of("web2"), true),
                new Asker("node1", List.of("--node", "node1"), true),
                new Asker("node2", List.of("--node", "node2"), true),
                new Asker("outside", List.of("--node", "outside"), false));
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < askers.size(); i += AT_ONCE) {
            List<Asker> some = askers.subList(i, i + AT_ONCE);
            List<Process> processes = new ArrayList<>();
            for (Asker asker : some) {
                List<String> words = new ArrayList<>(asker.place());
                words.addAll(List.of("--", "sh", "-c", script(asker.withDns())));
                processes.add(lab.start("exec", words.toArray(String[]::new)));
            }
            for (int k = 0; k < some.size(); k++) {
                String asker = some.get(k).name();
                TestLab.finish(processes.get(k))
                        .succeeded()
                        .output()
                        .lines()
                        .sorted()
                        .forEach(line ->
                                all.append(asker).append(' ').append(line).append('\n'));
            }
        }
        return all.toString();
    }

    /** Waits for results that are the expected ones, twice in succession: otherwise hostile objects could break nothing. */
    String awaitWorking() throws Exception {
        String before = "";
        String now = results();
        for (int i = 0; i < 20 && !(works(now) && now.equals(before)); i++) {
            before = now;
            now = results();
        }
        assertThat(works(now)).as(now).isTrue();
        assertThat(now).isEqualTo(before);
        return now;
    }

    /** Asks again if an answer is missing: on a busy machine, 150 requests at once may time out, but harm by an object lasts. */
    void assertResults(String when, String expected) throws Exception {
        String now = results();
        for (int i = 0; i < 4 && !now.equals(expected); i++) {
            now = results();
        }
        assertThat(now).as(when).isEqualTo(expected);
    }

    private static boolean works(String results) {
        return results.lines()
                        .noneMatch(line -> line.startsWith("client ")
                                && (line.contains("code:000") || line.endsWith(": ") || line.contains(";;")))
                && results.contains("client guarded2-v6: guarded code:200")
                && results.contains("client service-v6: web code:200")
                && results.contains("client api-service: ok code:200")
                && results.contains("stranger guarded2-v4:  code:000")
                && results.contains("outside node-port-[fd00:19::c]: web code:200");
    }

    /** A pod that is attached now is reached, and reaches others, in both families. */
    void assertNewPodWorks() throws Exception {
        lab.apply(POD.formatted("new2", "new", "node2"));
        lab.eventually(
                "new2",
                "curl -gsfm 3 -o /dev/null " + urls.get("service-v4") + " && curl -gsfm 3 -o /dev/null '"
                        + urls.get("service-v6") + "'");
        String own = lab.find(
                "inet6 (fd[0-9a-f:]+)/128",
                lab.inPod("new2", "ip addr show dev eth0").succeeded());
        lab.eventually("client1", "curl -gsfm 3 -o /dev/null 'http://[" + own + "]:8080/'");
        lab.lab("delete", "pod", "new2", "-n", "default").succeeded();
    }
}
