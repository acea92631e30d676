package fyr.cluster.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

/** Whatever bytes come: a reading or the parser's own exception, nothing else. */
class ReaderFuzzTest {

    private static final List<Kind<?, ?>> KINDS =
            List.of(Kind.NODE, Kind.NAMESPACE, Kind.POD, Kind.SERVICE, Kind.ENDPOINT_SLICE, Kind.NETWORK_POLICY);

    private static final String SEED_OBJECT = """
        {"metadata":{"name":"p","namespace":"s","resourceVersion":"7","labels":{"kubernetes.io/service-name":"w"},
        "annotations":{"note":"x","fyr.dev/ipvs-scheduler":"mh"}},"addressType":"IPv4",
        "endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":true}}],"ports":[{"name":"a","port":80,"protocol":"TCP"}],
        "spec":{"podCIDRs":["10.0.0.0/24","fd00::/64"],"clusterIPs":["10.96.0.1"],"type":"NodePort","ports":[{"port":80,"nodePort":30000}],
        "containers":[{"ports":[{"name":"x","containerPort":80}]}],"podSelector":{"matchExpressions":[{"key":"k","operator":"In","values":["v"]}]},
        "ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}],"ports":[{"port":1,"endPort":2}]}]},
        "status":{"phase":"Running","podIPs":[{"ip":"10.0.0.1"}],"addresses":[{"type":"InternalIP","address":"192.0.2.1"}]}}""";
    private static final String[] SPLINTERS = {
        "null",
        "true",
        "-1",
        "1e99",
        "99999999999999999999",
        "\"\"",
        "[]",
        "{}",
        "[[[",
        "\"\\ud800\"",
        "\u0000",
        "\"None\"",
        ",",
        "}",
        "]",
        "1.5"
    };

    @Test
    void mutatedEvents() {
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] line = mutate("{\"type\":\"MODIFIED\",\"object\":" + SEED_OBJECT + "}", random);
            for (Kind<?, ?> kind : KINDS) {
                attempt(seed, () -> new KindReader<>(kind).event(line));
            }
        }
    }

    @Test
    void mutatedLists() {
        String list = "{\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[" + SEED_OBJECT + "," + SEED_OBJECT + "]}";
        for (int seed = 0; seed < 3_000; seed++) {
            byte[] body = mutate(list, new Random(seed));
            for (Kind<?, ?> kind : KINDS) {
                attempt(
                        seed,
                        () -> new KindReader<>(kind)
                                .list(
                                        new ByteArrayInputStream(body),
                                        reading -> assertThat(reading).isNotNull()));
            }
        }
    }

    @Test
    void oneBadObjectDoesNotSpoilTheList() {
        String bad = SEED_OBJECT
                .replace("\"port\":80", "\"port\":[{\"deep\":[1,2,{}]}]")
                .replace("\"10.0.0.0/8\"", "{\"a\":[]}");
        String list = "{\"items\":[" + bad + "," + SEED_OBJECT
                + "],\"metadata\":{\"resourceVersion\":\"9\",\"continue\":\"c\"}}";
        for (Kind<?, ?> kind : KINDS) {
            List<Reading<?, ?>> readings = new java.util.ArrayList<>();
            KindReader.Page page = new KindReader<>(kind)
                    .list(new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8)), readings::add);
            assertThat(readings).hasSize(2);
            assertThat(readings.getLast()).as(kind.name()).isInstanceOfAny(Reading.Valid.class, Reading.Partial.class);
            assertThat(page).isEqualTo(new KindReader.Page("9", java.util.Optional.of("c")));
        }
    }

    private static void attempt(int seed, Runnable reading) {
        try {
            reading.run();
        } catch (JacksonException e) {
            assertThat(e.getMessage()).isNotNull();
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    static byte[] mutate(String text, Random random) {
        StringBuilder mutated = new StringBuilder(text);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(mutated.length());
            int end = Math.min(mutated.length(), at + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> mutated.replace(at, end, SPLINTERS[random.nextInt(SPLINTERS.length)]);
                case 1 -> mutated.setCharAt(at, (char) random.nextInt(256));
                case 2 -> mutated.insert(at, mutated.substring(at, end));
                default -> replaceValue(mutated, at, random);
            }
        }
        byte[] bytes = mutated.toString().getBytes(StandardCharsets.UTF_8);
        return random.nextInt(10) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    /** A splinter in the place of a whole value keeps the JSON well-formed more often than not. */
    private static void replaceValue(StringBuilder text, int at, Random random) {
        int colon = text.indexOf(":", at);
        int end = colon < 0 ? -1 : text.indexOf(",", colon);
        if (end > 0) {
            text.replace(colon + 1, end, SPLINTERS[random.nextInt(SPLINTERS.length)]);
        }
    }
}
