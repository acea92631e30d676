package fyr.cluster.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The bytes of a PEM text and the place they were read from, for messages. Equal if the bytes are equal. */
public record PemSource(String where, byte[] text) {

    static byte[] file(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new AccessException(path.toString(), "cannot be read: " + reason(e));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PemSource source && Arrays.equals(source.text, text);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(text);
    }

    @Override
    public String toString() {
        return "PemSource[" + where + "]";
    }

    /** Why a file cannot be read, in words. */
    static String reason(IOException failure) {
        return switch (failure) {
            case java.nio.file.NoSuchFileException _ -> "no such file";
            case java.nio.file.AccessDeniedException _ -> "permission denied";
            default -> failure.getClass().getSimpleName();
        };
    }
}
