package fyr.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real etcd and kube-apiserver, by scripts/api-server. */
final class ControlPlane implements AutoCloseable {

    private final Path folder;
    private final Process process;
    private final int port;
    private final int etcdPort;

    private ControlPlane(Path folder, Process process, int port, int etcdPort) {
        this.folder = folder;
        this.process = process;
        this.port = port;
        this.etcdPort = etcdPort;
    }

    /** @param options of the script, before the folder */
    static ControlPlane start(Path folder, String... options) throws IOException {
        int port = freePort();
        int etcdPort = freePort();
        String root = System.getenv().getOrDefault("FYR_ROOT", "..");
        List<String> command = new ArrayList<>(
                List.of(root + "/scripts/api-server", "--port", "" + port, "--etcd-port", "" + etcdPort));
        command.addAll(List.of(options));
        command.add(folder.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        if (line == null || !line.startsWith("ready")) {
            process.destroy();
            throw new AssertionError("no control plane to test beside: " + line);
        }
        return new ControlPlane(folder, process, port, etcdPort);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    Path folder() {
        return folder;
    }

    int port() {
        return port;
    }

    /** Kills the API server without warning; the script starts it again. */
    void restartApiServer() throws IOException {
        long id = Long.parseLong(
                Files.readString(folder.resolve("kube-apiserver.pid")).strip());
        ProcessHandle.of(id).orElseThrow().destroyForcibly();
    }

    /** Makes etcd forget all revisions up to the present one. */
    void compact() throws IOException, InterruptedException {
        String status = etcd("/v3/maintenance/status", "{}");
        String revision = status.replaceAll("(?s).*\"revision\":\"(\\d+)\".*", "$1");
        etcd("/v3/kv/compaction", "{\"revision\":" + revision + ",\"physical\":true}");
    }

    private String etcd(String path, String body) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + etcdPort + path))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("etcd: " + answer.body());
            }
            return answer.body();
        }
    }

    @Override
    public void close() {
        process.destroy();
        if (process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .join()
                .isAlive()) {
            process.destroyForcibly();
        }
    }
}
