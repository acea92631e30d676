package fyr.cluster;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.Patch;
import java.nio.charset.StandardCharsets;

/** What tests have an API server hold. */
record PeerObjects(ApiClient admin) {

    static String pod(String name, String label, String value) {
        return """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","labels":{"%s":"%s","pod-template-hash":"5f6d8"},
            "annotations":{"note":"%s"}},
            "spec":{"nodeName":"n1","containers":[{"name":"c","image":"i","ports":[{"name":"http","containerPort":8080}],
            "env":[{"name":"A","value":"b"},{"name":"C","value":"d"}]}]}}""".formatted(name, label, value, "x".repeat(300));
    }

    void namespace(String name) {
        create(
                "/api/v1/namespaces",
                "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"" + name + "\"}}");
    }

    void create(String path, String json) {
        admin.create(path, bytes(json));
    }

    void patchStatus(String path, String json) {
        admin.patch(path + "/status", Patch.MERGE, bytes(json));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
