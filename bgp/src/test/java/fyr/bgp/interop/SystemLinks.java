package fyr.bgp.interop;

import fyr.bgp.path.Links;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The links of this namespace. */
final class SystemLinks implements Links {

    private static final Path ALL = Path.of("/sys/class/net");

    @Override
    public OptionalInt index(String name) {
        try {
            return OptionalInt.of(Integer.parseInt(
                    Files.readString(ALL.resolve(name).resolve("ifindex")).strip()));
        } catch (IOException absent) {
            return OptionalInt.empty();
        }
    }

    @Override
    public Optional<String> name(int index) {
        try (Stream<Path> links = Files.list(ALL)) {
            return links.map(link -> link.getFileName().toString())
                    .filter(name -> index(name).equals(OptionalInt.of(index)))
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
