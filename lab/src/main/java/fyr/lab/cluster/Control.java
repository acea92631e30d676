package fyr.lab.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Commands to a running lab, over a Unix socket: the client sends a line of words, the server answers {@code ok} or {@code error} on a
 * line of its own and then any text, and closes.
 */
final class Control {

    private Control() {}

    /**
     * Serves commands, each client on a platform thread of its own, so that a check of many pods keeps nobody waiting; the function's exceptions are
     * answers too.
     */
    static void serve(Path socket, Function<List<String>, String> commands) throws IOException {
        ServerSocketChannel channel =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().name("control").start(() -> {
            while (channel.isOpen()) {
                try {
                    SocketChannel client = channel.accept();
                    Thread.ofPlatform().daemon().name("control-client").start(() -> answerAndClose(client, commands));
                } catch (IOException refused) {
                    Thread.yield(); // out of descriptors; the next one may do
                }
            }
        });
    }

    private static void answerAndClose(SocketChannel client, Function<List<String>, String> commands) {
        try (client) {
            answer(client, commands);
        } catch (IOException gone) {
            return; // the client did not wait for the answer
        }
    }

    private static void answer(SocketChannel client, Function<List<String>, String> commands) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(Channels.newInputStream(client), UTF_8));
        String line = in.readLine();
        if (line == null) {
            return;
        }
        OutputStream out = Channels.newOutputStream(client);
        try {
            out.write(("ok\n" + commands.apply(List.of(line.split(" ")))).getBytes(UTF_8));
        } catch (RuntimeException failure) {
            out.write(("error\n" + failure.getMessage()).getBytes(UTF_8));
        }
    }

    static String ask(Path socket, String command) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Channels.newOutputStream(channel).write((command + "\n").getBytes(UTF_8));
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
            if (answer.startsWith("ok\n")) {
                return answer.substring(3);
            }
            throw new LabException(answer.startsWith("error\n") ? answer.substring(6) : "the lab did not answer");
        } catch (IOException failure) {
            throw new LabException("the lab does not listen: " + failure.getMessage());
        }
    }
}
