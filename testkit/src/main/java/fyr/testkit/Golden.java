package fyr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Text that a test expects, kept in a file beside the test so that a change of behaviour shows as a readable difference. The property
 * {@code fyr.goldens=write} rewrites all files.
 */
public final class Golden {

    private Golden() {}

    /**
     * Fails unless the text equals the content of {@code src/test/resources/golden/NAME} of the module under test.
     */
    public static void check(String name, String actual) {
        check(Path.of("src/test/resources/golden", name), actual);
    }

    /** Fails unless the text equals the content of the file. */
    public static void check(Path file, String actual) {
        try {
            if ("write".equals(System.getProperty("fyr.goldens"))) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, actual);
            }
            String expected = Files.exists(file) ? Files.readString(file) : "";
            if (!expected.equals(actual)) {
                throw new AssertionError("differs from " + file + " (-Dfyr.goldens=write accepts it)\n--- expected\n"
                        + expected + "\n--- actual\n" + actual);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
