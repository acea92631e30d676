package fyr.cluster;

/** What API servers answer, as a {@link ScriptedServer} is to say it. */
final class ServerTexts {

    static final String EXPIRED =
            "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"too old resource version\",\"reason\":\"Expired\",\"code\":410}";

    static String list(String version, String next, String... items) {
        return "{\"metadata\":{\"resourceVersion\":\"%s\",\"continue\":\"%s\"},\"items\":[%s]}"
                .formatted(version, next, String.join(",", items));
    }

    static String namespace(String name, String label) {
        return "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"v\":\"%s\"}}}".formatted(name, label);
    }

    static String event(String type, String version, String name, String label) {
        return "{\"type\":\"%s\",\"object\":{\"metadata\":{\"name\":\"%s\",\"resourceVersion\":\"%s\",\"labels\":{\"v\":\"%s\"}}}}"
                .formatted(type, name, version, label);
    }

    static String bookmark(String version) {
        return "{\"object\":{\"metadata\":{\"resourceVersion\":\"%s\"}},\"type\":\"BOOKMARK\"}".formatted(version);
    }

    static String initialEnd(String version) {
        return ScriptedServer.INITIAL_END.replace(
                "\"resourceVersion\":\"1\"", "\"resourceVersion\":\"" + version + "\"");
    }

    private ServerTexts() {}
}
