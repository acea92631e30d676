package fyr.kernel.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Compares wire bytes with a text file: the equivalent command in the first line, then sixteen bytes per line. {@code -Dfyr.goldens=write}
 * rewrites the files instead.
 */
public final class GoldenMessage {

    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private GoldenMessage() {}

    /** Compares with {@code golden/NAME.hex}. */
    public static void check(String name, String command, byte[] bytes) {
        Path file = FOLDER.resolve(name + ".hex");
        String text = "# " + command + "\n" + hex(bytes);
        try {
            if ("write".equals(System.getProperty("fyr.goldens"))) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            }
            assertThat(text).as("%s (rewrite with -Dfyr.goldens=write)", file).isEqualTo(Files.readString(file));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < bytes.length; at += 16) {
            text.append(HEX.formatHex(bytes, at, Math.min(at + 16, bytes.length)))
                    .append('\n');
        }
        return text.toString();
    }
}
