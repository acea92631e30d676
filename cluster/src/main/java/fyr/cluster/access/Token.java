package fyr.cluster.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bearer token that goes with every request. Safe on any thread. */
public sealed interface Token {

    /** The token as it is now. */
    Optional<String> value();

    /** A token that a header can carry (RFC 6750 section 2.1). The complaint does not quote it: messages go to logs. */
    static String checked(String where, String token) {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new AccessException(
                    where, "not a token: it is empty, or has blanks or characters that no header carries");
        }
        return token;
    }

    /** No token: a client certificate speaks for us, or nobody asks. */
    record None() implements Token {
        @Override
        public Optional<String> value() {
            return Optional.empty();
        }
    }

    /** A token that stands in the configuration itself. */
    record Fixed(String token) implements Token {
        public Fixed {
            token = checked("token", token);
        }

        @Override
        public Optional<String> value() {
            return Optional.of(token);
        }

        @Override
        public String toString() {
            return "Fixed[...]"; // a secret stays out of logs
        }
    }

    /** A token in a file that others replace before it expires: read again whenever the file is another one. */
    final class InFile implements Token {

        private record Seen(FileTime modified, @Nullable Object file, String token) {}

        private final Path path;
        private volatile @Nullable Seen seen;

        InFile(Path path) {
            this.path = path;
        }

        @Override
        public Optional<String> value() {
            try {
                BasicFileAttributes now =
                        Files.readAttributes(path, BasicFileAttributes.class); // follows kubelet's ..data link
                Seen before = seen;
                if (before == null
                        || !before.modified.equals(now.lastModifiedTime())
                        || !same(before.file, now.fileKey())) {
                    before = new Seen(
                            now.lastModifiedTime(),
                            now.fileKey(),
                            checked(path.toString(), Files.readString(path).strip()));
                    seen = before;
                }
                return Optional.of(before.token);
            } catch (IOException e) {
                throw new AccessException(
                        path.toString(),
                        "the token cannot be read: " + e.getClass().getSimpleName());
            }
        }

        private static boolean same(@Nullable Object a, @Nullable Object b) {
            return java.util.Objects.equals(a, b);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof InFile file && file.path.equals(path);
        }

        @Override
        public int hashCode() {
            return path.hashCode();
        }

        @Override
        public String toString() {
            return "InFile[" + path + "]";
        }
    }
}
