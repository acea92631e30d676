package fyr.apiserver.controller;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Json;
import fyr.apiserver.store.WatchEvent;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class CacheTest {
    private final Cache cache = new Cache();

    private static ObjectNode pod(String uid, long version) {
        return named("web-2", uid, version);
    }

    private static ObjectNode named(String name, String uid, long version) {
        ObjectNode pod = Json.object();
        pod.putObject("metadata")
                .put("name", name)
                .put("namespace", "default")
                .put("uid", uid)
                .put("resourceVersion", Long.toString(version));
        return pod;
    }

    private void hear(WatchEvent.Type type, ObjectNode pod) {
        var _ = cache.accept(Kinds.PODS, new WatchEvent(type, pod));
    }

    @Test
    void anAnswerThatComesAfterTheEndOfItsObjectDoesNotBringItBack() {
        hear(WatchEvent.Type.ADDED, pod("a", 1));
        ObjectNode leaving = pod("a", 2);
        hear(WatchEvent.Type.MODIFIED, leaving);
        hear(WatchEvent.Type.DELETED, pod("a", 3));
        assertThat(cache.written(Kinds.PODS, leaving)).isEmpty();
        assertThat(cache.list(Kinds.PODS, "")).isEmpty();
    }

    /** An object of ours that comes later in the list is not considered deleted because another one is newer. */
    @Test
    void aListIsHeardOnlyOnceAllOfItIsTakenIn() {
        ObjectNode made = pod("b", 3);
        var _ = cache.listed(Kinds.PODS, new WatchEvent(WatchEvent.Type.ADDED, named("web-1", "a", 5)));
        assertThat(cache.written(Kinds.PODS, made)).isEmpty();
        assertThat(cache.list(Kinds.PODS, "")).contains(made);
    }

    @Test
    void anAnswerThatComesBeforeTheWatchTellsOfItCounts() {
        hear(WatchEvent.Type.ADDED, pod("a", 1));
        hear(WatchEvent.Type.DELETED, pod("a", 2));
        ObjectNode made = pod("b", 3);
        var _ = cache.written(Kinds.PODS, made);
        assertThat(cache.list(Kinds.PODS, "")).containsExactly(made);
    }

    /** A pod that its owner lets go of while it is counted is counted once: as one of two, it would be one too many and deleted. */
    @Test
    void aPodThatChangesItsOwnerIsCountedOnce() throws InterruptedException {
        ObjectNode owner = named("web", "owner", 1);
        Thread changes = Thread.ofPlatform().start(() -> {
            for (int version = 2; version < 20_000; version++) {
                ObjectNode pod = pod("a", version);
                if (version % 2 == 0) {
                    Pods.own(Json.child(pod, "metadata"), owner);
                }
                hear(WatchEvent.Type.MODIFIED, pod);
            }
        });
        hear(WatchEvent.Type.ADDED, pod("a", 1));
        while (changes.isAlive()) {
            Cache.Candidates seen = cache.candidates(owner, Kinds.PODS);
            assertThat(seen.controlled().size() + seen.orphans().size()).isEqualTo(1);
        }
        changes.join();
    }
}
