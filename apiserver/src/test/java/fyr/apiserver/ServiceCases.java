package fyr.apiserver;

import fyr.apiserver.object.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests about Services with the answers of a real kube-apiserver 1.37, from files: a line {@code # name} begins a case, a line
 * {@code create NAME OBJECT} (or {@code replace}, {@code patch}, {@code status}, {@code delete}) is a request, and the lines that begin
 * with {@code =} and {@code !} are its answer and its warnings. Addresses and ports that the server chooses are numbered in their order.
 */
record ServiceCases(HttpClient client, String server, String token) {
    static final List<String> FILES = List.of("families", "fields");

    private static final Pattern CHOSEN =
            Pattern.compile("\\b(10\\.96\\.\\d+\\.\\d+|fd00:10:96::[0-9a-f]+|3[012]\\d{3})\\b");
    private static final String PATH = "/api/v1/namespaces/default/services";

    static Path file(String name) {
        return Path.of("src/test/resources/fyr/apiserver/services/" + name + ".txt");
    }

    static String read(String name) {
        try {
            return Files.readString(file(name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The text with the answers of this server. */
    String run(String text) throws IOException, InterruptedException {
        List<String> cases = new ArrayList<>();
        for (String one : text.strip().split("\n\n")) {
            cases.add(runCase(one.lines()
                    .filter(line -> !line.startsWith("=") && !line.startsWith("!"))
                    .toList()));
        }
        return String.join("\n", cases);
    }

    private String runCase(List<String> lines) throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        Set<String> names = new TreeSet<>();
        Map<String, String> chosen = new LinkedHashMap<>();
        String asked = String.join("\n", lines);
        for (String line : lines) {
            text.append(line).append('\n');
            if (!line.startsWith("#")) {
                String[] words = line.split(" ", 3);
                names.add(words[1]);
                answer(request(words[0], words[1], words.length < 3 ? "{}" : words[2]), words[0])
                        .forEach(answer ->
                                text.append(numbered(answer, asked, chosen)).append('\n'));
            }
        }
        for (String name : names) {
            var _ = request("delete", name, "{}");
        }
        return text.toString();
    }

    private HttpResponse<String> request(String verb, String name, String object)
            throws IOException, InterruptedException {
        ObjectNode body = (ObjectNode) Json.MAPPER.readTree(object.replace('\'', '"'));
        if (verb.equals("create") || verb.equals("replace")) {
            body.put("apiVersion", "v1").put("kind", "Service");
            Json.child(body, "metadata").put("name", name);
        }
        String path = PATH + (verb.equals("create") ? "" : "/" + name) + (verb.equals("status") ? "/status" : "");
        String method = switch (verb) {
            case "create" -> "POST";
            case "replace" -> "PUT";
            case "patch", "status" -> "PATCH";
            case "delete" -> "DELETE";
            default -> throw new IllegalArgumentException("no verb " + verb);
        };
        String type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
        HttpRequest.BodyPublisher content = verb.equals("delete")
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body.toString());
        return client.send(
                HttpRequest.newBuilder(URI.create(server + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", type)
                        .method(method, content)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static List<String> answer(HttpResponse<String> response, String verb) {
        List<String> lines = new ArrayList<>();
        JsonNode body = Json.MAPPER.readTree(response.body());
        if (response.statusCode() >= 300) {
            lines.add("= " + response.statusCode() + " " + Json.text(body, "message"));
        } else if (verb.equals("delete")) {
            lines.add("= " + response.statusCode());
        } else {
            JsonNode balancer = Json.at(body, "status", "loadBalancer");
            lines.add("= " + response.statusCode() + " " + sorted(Json.at(body, "spec"))
                    + (balancer.isEmpty() ? "" : " " + sorted(balancer)));
        }
        response.headers().allValues("Warning").forEach(warning -> lines.add("! " + warning));
        return lines;
    }

    private static String sorted(JsonNode node) {
        return Json.MAPPER
                .writer()
                .with(tools.jackson.databind.SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .writeValueAsString(Json.MAPPER.treeToValue(node, Object.class));
    }

    private static String numbered(String line, String asked, Map<String, String> chosen) {
        Matcher matcher = CHOSEN.matcher(line);
        return matcher.replaceAll(found -> {
            String value = found.group();
            boolean ours = Pattern.compile("(?<![\\w.]|[0-9a-f]:)" + Pattern.quote(value) + "(?![\\w.:])")
                            .matcher(asked)
                            .find()
                    || value.equals("10.96.0.0")
                    || value.equals("30000")
                    || value.equals("32767");
            return ours ? value : chosen.computeIfAbsent(value, _ -> "<" + (chosen.size() + 1) + ">");
        });
    }
}
