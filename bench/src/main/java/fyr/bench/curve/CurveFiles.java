package fyr.bench.curve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Writes curves to files. */
final class CurveFiles {

    private CurveFiles() {}

    static void write(Curves curves, Optional<Path> raw, Optional<Path> diagram) throws IOException {
        if (raw.isPresent()) {
            Files.writeString(raw.get(), curves.json().toPrettyString() + "\n");
        }
        if (diagram.isPresent()) {
            Files.writeString(diagram.get(), new Diagram(curves).svg());
        }
    }
}
