package fyr.apiserver.controller;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Json;
import fyr.apiserver.store.WatchEvent;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class ReconciliationTest {

    /** The controller may create Endpoints of a Service that is being deleted, and nothing else deletes them. Those of users stay. */
    @ParameterizedTest
    @CsvSource({"endpoint-controller, 1", "somebody, 0"})
    void endpointsWhoseServiceIsGoneGoToo(String manager, int deletions) {
        Cache cache = new Cache();
        ObjectNode endpoints = Json.object();
        endpoints
                .putObject("metadata")
                .put("name", "web")
                .put("namespace", "default")
                .put("uid", "a")
                .put("resourceVersion", "1")
                .putObject("labels")
                .put("endpoints.kubernetes.io/managed-by", manager);
        var _ = cache.accept(Kinds.ENDPOINTS, new WatchEvent(WatchEvent.Type.ADDED, endpoints));
        List<Write> writes = Reconciliation.writes(new Work(Kinds.SERVICES, "default", "web"), cache, Instant.EPOCH);
        assertThat(writes).hasSize(deletions).allMatch(new Write.Delete(Kinds.ENDPOINTS, endpoints)::equals);
    }
}
