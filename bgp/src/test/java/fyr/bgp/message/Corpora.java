package fyr.bgp.message;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What scripts/bgp-corpora gets from the source packages of tcpdump and FRR. */
final class Corpora {

    private Corpora() {}

    static Path folder() throws IOException, InterruptedException {
        String script = System.getenv().getOrDefault("FYR_ROOT", "..") + "/scripts/bgp-corpora";
        Process process = new ProcessBuilder(script)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String folder = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(script + " failed; it says why above");
        }
        return Path.of(folder);
    }
}
