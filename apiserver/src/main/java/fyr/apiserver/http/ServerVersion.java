package fyr.apiserver.http;

import fyr.apiserver.object.Json;
import tools.jackson.databind.node.ObjectNode;

/** {@code /version}. */
final class ServerVersion {
    static final String NAME = "v1.37.2-fyr";

    private ServerVersion() {}

    static ObjectNode document() {
        return Json.object()
                .put("major", "1")
                .put("minor", "37")
                .put("gitVersion", NAME)
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-01-01T00:00:00Z")
                .put("goVersion", "none")
                .put("compiler", "javac")
                .put("platform", "linux/" + System.getProperty("os.arch", "unknown"));
    }
}
