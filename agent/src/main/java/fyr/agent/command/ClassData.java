package fyr.agent.command;

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
public final class ClassData {

    /** Only libraries of which most is used; the names of jars begin so. */
    private static final List<String> LIBRARIES = List.of("picocli", "prometheus", "snakeyaml");

    /** The names of Fyr's jars end so. */
    private static final String OURS = "-0.1.0.jar";

    private ClassData() {}

    /** Loads what a start of the agent alone needs. Argument: the directory of its jars. */
    public static void main(String[] args) throws Exception {
        load(Path.of(args[0]), new AgentCommand());
    }

    /** Loads the classes of the jars in a directory and what this command needs of the JDK and of picocli. */
    public static void load(Path directory, Object command) throws IOException, InterruptedException {
        try (Stream<Path> jars = Files.list(directory)) {
            for (Path jar : jars.filter(ClassData::isUsed).toList()) {
                load(jar);
            }
        }
        new CommandLine(command).getUsageMessage();
        json();
        exchange();
    }

    private static boolean isUsed(Path jar) {
        String name = jar.getFileName().toString();
        return name.endsWith(OURS) || LIBRARIES.stream().anyMatch(name::startsWith);
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

    /** Trees in and out, as the agent and the lab read and write them. */
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
