package fyr.cluster.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The openssl command: keys and certificates that somebody else wrote. */
record OpenSsl(Path folder) {

    void run(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + output);
        }
    }

    /** A certificate of its own for this key, good for 127.0.0.1 and real.example. */
    void certify(String key, String certificate) throws IOException, InterruptedException {
        run("req -x509 -new -key " + key + " -out " + certificate
                + " -days 30 -subj /CN=test -addext subjectAltName=IP:127.0.0.1,DNS:real.example,DNS:*.wild.example");
    }
}
