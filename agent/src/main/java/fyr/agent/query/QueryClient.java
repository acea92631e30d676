package fyr.agent.query;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks an agent. */
public final class QueryClient {

    private static final int ANSWER_MAX = 256 << 20;

    private QueryClient() {}

    /** An agent that does not answer, or that cannot answer this. */
    public static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unanswered(String message, Throwable cause) {
            super(message, cause);
        }

        Unanswered(String message) {
            super(message);
        }
    }

    /**
     * Asks for a document.
     *
     * @param socket of the agent
     * @param path such as {@code /v1/status}
     * @throws Unanswered if there is no agent, or it refuses
     */
    public static JsonNode get(Path socket, String path) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(
                    ("GET " + path + " HTTP/1.1\r\nHost: agent\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
            return document(socket, all(channel));
        } catch (IOException e) {
            throw new Unanswered(
                    "no agent answers at " + socket
                            + (Files.exists(socket) && !Files.isWritable(socket)
                                    ? "; run this as the user that the agent runs as"
                                    : "; is it running? --run-dir names its directory, --node a node of a lab"),
                    e);
        }
    }

    private static String all(SocketChannel channel) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(64 << 10);
        while (channel.read(part) >= 0) {
            answer.write(part.array(), 0, part.position());
            part.clear();
            if (answer.size() > ANSWER_MAX) {
                throw new IOException("the answer is longer than " + ANSWER_MAX + " bytes");
            }
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private static JsonNode document(Path socket, String answer) {
        int body = answer.indexOf("\r\n\r\n");
        JsonNode document = parsed(socket, answer.substring(body < 0 ? answer.length() : body + 4));
        if (!answer.startsWith("HTTP/1.1 200 ")) {
            throw new Unanswered("the agent at " + socket + ": "
                    + document.path("error").asString("an answer that is not understood"));
        }
        return document;
    }

    private static JsonNode parsed(Path socket, String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw new Unanswered("the agent at " + socket + " sent something that is no JSON", e);
        }
    }
}
