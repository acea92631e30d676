package fyr.dns.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The witness: {@code dig}. */
final class Dig {

    private Dig() {}

    static String at(InetSocketAddress server, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "dig", "@" + server.getAddress().getHostAddress(), "-p", "" + server.getPort(), "+time=4", "+tries=1"));
        command.addAll(List.of(arguments));
        Process dig = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(dig.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        dig.waitFor();
        return text;
    }
}
