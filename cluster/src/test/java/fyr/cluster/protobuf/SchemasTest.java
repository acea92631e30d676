package fyr.cluster.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cluster.read.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A field that a reader knows and no schema has would exist in JSON, and be missing in clusters. */
class SchemasTest {

    /** Custom resources have no protobuf form. */
    private static final String ONLY_JSON = "AddressPoolBody.java";

    private static final Pattern CASE = Pattern.compile("case ((?:\"[A-Za-z]+\",? ?)+) ->");
    private static final Pattern NAME = Pattern.compile("\"([A-Za-z]+)\"");

    @Test
    void everyFieldThatAReaderNamesStandsInASchema() throws IOException {
        Set<String> known = new TreeSet<>();
        List.of(
                        Kind.NODE,
                        Kind.NAMESPACE,
                        Kind.POD,
                        Kind.SERVICE,
                        Kind.ENDPOINT_SLICE,
                        Kind.NETWORK_POLICY,
                        Kind.SERVICE_CIDR,
                        Kind.BALANCED_SERVICE)
                .forEach(kind -> names(kind.message(), known));
        Set<String> read = new TreeSet<>();
        String root = System.getenv().getOrDefault("FYR_ROOT", "..");
        try (Stream<Path> sources = Files.list(Path.of(root, "cluster/src/main/java/fyr/cluster/read"))) {
            for (Path source : sources.filter(path -> path.toString().matches(".*(Body|Fields)\\.java"))
                    .filter(path -> !path.endsWith(ONLY_JSON))
                    .toList()) {
                CASE.matcher(Files.readString(source))
                        .results()
                        .flatMap(labels -> NAME.matcher(labels.group(1)).results())
                        .map(MatchResult::group)
                        .map(quoted -> quoted.replace("\"", ""))
                        .forEach(read::add);
            }
        }
        assertThat(read).contains("podIPs", "nodePort", "terminating", "matchLabels", "uid", "externalIPs");
        assertThat(known).containsAll(read);
    }

    private static void names(Message message, Set<String> names) {
        for (Field field : message.fields()) {
            names.add(field.name());
            if (field.type() instanceof Field.Nested(Message inner)) {
                names(inner, names);
            }
        }
    }
}
