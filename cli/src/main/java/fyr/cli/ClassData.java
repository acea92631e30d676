package fyr.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Loads the classes that starts of Fyr need, for the archive of class data that the build makes when this ends
 * ({@code -XX:ArchiveClassesAtExit}). Argument: the directory of jars. Every process holds the whole archive in memory, since relocating
 * it touches every page; so a large library of which little is used (Jackson, 1,200 classes) is not loaded but used as Fyr uses it.
 */
final class ClassData {

    private static final List<String> JARS = List.of(
            "agent",
            "cli",
            "cluster",
            "cni",
            "compiler",
            "dns",
            "kernel",
            "lab",
            "model",
            "observe",
            "picocli",
            "policy",
            "prometheus",
            "reconciler",
            "snakeyaml");

    private ClassData() {}

    public static void main(String[] args) throws Exception {
        try (Stream<Path> jars = Files.list(Path.of(args[0]))) {
            for (Path jar : jars.toList()) {
                if (JARS.stream().anyMatch(jar.getFileName().toString()::startsWith)) {
                    load(jar);
                }
            }
        }
        new CommandLine(new Fyr()).getUsageMessage();
        json();
        exchange();
    }

    private static void load(Path path) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name ->
                            name.endsWith(".class") && !name.endsWith("-info.class") && !name.startsWith("META-INF"))
                    .forEach(name -> load(name.substring(0, name.length() - 6).replace('/', '.')));
        }
    }

    private static void load(String name) {
        try {
            Class.forName(name, false, ClassData.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError absent) {
            return; // belongs to an optional part of a library that is not here
        }
    }

    /** Trees in and out, as module cni and module lab read and write them. */
    private static void json() {
        JsonMapper mapper = new JsonMapper();
        JsonNode tree = mapper.readTree("{\"a\": [1, 1.5, \"b\", null, true, {}]}".getBytes(StandardCharsets.UTF_8));
        mapper.writeValueAsBytes(tree.deepCopy());
        mapper.writerWithDefaultPrettyPrinter()
                .writeValueAsString(mapper.createObjectNode().put("c", 1L));
    }

    /** An HTTP request to ourselves: the JDK's client and server are most of what an agent and a lab load at their start. */
    private static void exchange() throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
        } finally {
            server.stop(0);
        }
    }
}
