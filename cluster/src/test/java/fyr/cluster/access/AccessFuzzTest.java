package fyr.cluster.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Credentials that somebody else wrote, including incomplete and hostile ones: they are read, or refused with a line that names the file.
 */
@Timeout(120)
class AccessFuzzTest {

    private static final String SECRET = "c0ffee-secret";
    private static final List<String> PIECES = List.of(
            "[",
            "]",
            "{",
            "}",
            "&a ",
            "*a",
            "<<: *a",
            "!!binary ",
            "!x ",
            "|\n",
            ">-\n",
            "? ",
            ": ",
            "- ",
            "---\n",
            "...\n",
            "%YAML 9.9\n",
            "\t",
            "\0",
            "\ufeff",
            "\r",
            "\u2028",
            "\"",
            "'",
            "#",
            "~",
            "null",
            "true",
            "1e999",
            "0x",
            "\\",
            ",",
            "\n  ",
            "\uD83D\uDE00",
            "server: http://[::1%25]:99999/");

    @TempDir
    static Path folder;

    private static String valid;
    private static final List<byte[]> KEYS = new ArrayList<>();
    private static byte[] certificate;

    @BeforeAll
    static void credentials() throws Exception {
        OpenSsl openssl = new OpenSsl(folder);
        for (String command : List.of(
                "genrsa -traditional -out %s 2048",
                "genpkey -algorithm RSA -out %s",
                "ecparam -name prime256v1 -genkey -noout -out %s",
                "genpkey -algorithm ed25519 -out %s")) {
            String name = "key" + KEYS.size();
            openssl.run(command.formatted(name));
            KEYS.add(Files.readAllBytes(folder.resolve(name)));
        }
        openssl.certify("key2", "crt");
        certificate = Files.readAllBytes(folder.resolve("crt"));
        valid = """
            apiVersion: v1
            kind: Config
            current-context: a
            contexts: [{name: a, context: {cluster: c, user: u}}]
            clusters:
            - name: c
              cluster:
                server: https://127.0.0.1:6443
                certificate-authority-data: %s
            users:
            - name: u
              user: {token: %s, client-certificate: crt, client-key: key2}
            """.formatted(Base64.getEncoder().encodeToString(certificate), SECRET);
    }

    private static Access read(byte[] text) throws Exception {
        return new Kubeconfig(Files.write(folder.resolve("config"), text)).read();
    }

    @Test
    void mutatedKubeconfigsAreReadOrRefusedInOneLine() throws Exception {
        assertThat(read(valid.getBytes(StandardCharsets.UTF_8)).tls()).isPresent();
        int refused = 0;
        for (int seed = 0; seed < 4000; seed++) {
            byte[] text = mutated(new Random(seed));
            try {
                var _ = read(text);
            } catch (AccessException e) {
                refused++;
                assertThat(e.getMessage())
                        .as("seed " + seed)
                        .startsWith(folder.toString())
                        .doesNotContain("\n")
                        .doesNotContain(SECRET);
            } catch (Exception | StackOverflowError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(refused).isBetween(1000, 3950);
    }

    private static byte[] mutated(Random random) {
        StringBuilder text = new StringBuilder(valid);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + 1 + random.nextInt(40));
            switch (random.nextInt(5)) {
                case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 1 -> text.delete(at, end);
                case 2 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
                case 3 -> text.setCharAt(at, (char) random.nextInt(300));
                default -> value(text, random);
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(20) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    /** Another value for a field: of another type, or none. */
    private static void value(StringBuilder text, Random random) {
        int colon = text.indexOf(": ", random.nextInt(text.length()));
        if (colon > 0) {
            int end = colon + 2;
            while (end < text.length() && "\n,}".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            List<String> values =
                    List.of("", "~", "[]", "{}", "[1, {}]", "{a: b}", "7", "-1.5", "true", "''", "!!int x", "*nobody");
            text.replace(colon + 2, end, values.get(random.nextInt(values.size())));
        }
    }

    /** A few bytes that could become a deep recursion or gigabytes. */
    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? ", "{? ", "&a [", "!!seq [", "a:\n"})
    void deepNestingIsRefused(String step) throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append(step.equals("a:\n") ? " ".repeat(Math.min(i, 3000)) + step : step);
            if (text.length() > 2_500_000) {
                break;
            }
        }
        byte[] deep = text.toString().getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> read(deep))
                .isInstanceOf(AccessException.class)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aliasesDoNotMultiply() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ",").repeat(9) + "*a" + (i - 1) + "]\n");
        }
        byte[] bytes = bomb.toString().getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> read(bytes)).isInstanceOf(AccessException.class);
        byte[] itself =
                "current-context: a\ncontexts: &a [*a, {name: a, context: *a}]\n".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> read(itself)).isInstanceOf(AccessException.class);
    }

    /** Inside the base64, where there is only DER: lengths, tags, whole elements. */
    @Test
    void mutatedDerIsReadOrRefused() {
        int refused = 0;
        for (int seed = 0; seed < 6000; seed++) {
            Random random = new Random(seed);
            byte[] pem = KEYS.get(random.nextInt(KEYS.size()));
            String label = random.nextInt(4) > 0
                    ? new String(pem, StandardCharsets.US_ASCII).replaceAll("(?s)-----BEGIN ([A-Z ]+)-----.*", "$1")
                    : List.of("PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "CERTIFICATE")
                            .get(random.nextInt(4));
            byte[] der = random.nextInt(10) == 0
                    ? element(random, 0)
                    : der(random.nextInt(6) == 0 ? certificate : pem, random);
            refused += refused("seed " + seed, block(label, der)) ? 1 : 0;
        }
        assertThat(refused).isBetween(1500, 5999);
    }

    private static boolean refused(String where, byte[] pem) {
        int refused = 0;
        for (Runnable reading : List.<Runnable>of(() -> Pem.privateKey(pem, "f"), () -> Pem.certificates(pem, "f"))) {
            try {
                reading.run();
            } catch (AccessException e) {
                refused++;
                assertThat(e.getMessage()).as(where).startsWith("f: ").doesNotContain("\n");
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError(where, e);
            }
        }
        return refused == 2;
    }

    private static byte[] der(byte[] pem, Random random) {
        String text = new String(pem, StandardCharsets.US_ASCII).replaceAll("-----[^-]+-----", "");
        byte[] der = Base64.getMimeDecoder().decode(text);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(Math.min(der.length, random.nextBoolean() ? 40 : der.length));
            der[at] = (byte)
                    switch (random.nextInt(4)) {
                        case 0 -> 0x80 | random.nextInt(128); // a length of many bytes, or without end
                        case 1 -> 0x84;
                        case 2 -> 0;
                        default -> random.nextInt(256);
                    };
        }
        return random.nextInt(5) == 0 ? Arrays.copyOf(der, random.nextInt(der.length)) : der;
    }

    /** Any DER, or something like it. */
    private static byte[] element(Random random, int depth) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int i = random.nextInt(4); i > 0; i--) {
            if (depth < 5 && random.nextBoolean()) {
                content.writeBytes(element(random, depth + 1));
            } else {
                content.write(random.nextInt(256));
            }
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(random.nextBoolean() ? 0x30 : random.nextInt(256));
        element.write(random.nextInt(8) == 0 ? random.nextInt(256) : content.size());
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }

    private static byte[] block(String label, byte[] der) {
        return ("-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                        + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A file of megabytes that is nearly PEM must be rejected quickly. */
    @Test
    void muchThatIsNearlyPemIsRefusedAtOnce() {
        for (String text : List.of(
                "-----BEGIN CERTIFICATE-----\n".repeat(60_000),
                "-----BEGIN CERTIFICATE-----\n" + "A".repeat(3_000_000),
                "-----BEGIN " + "A ".repeat(1_000_000),
                "-----BEGIN A-----AAAA-----END B-----\n".repeat(60_000))) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(() -> Pem.certificates(bytes, "f")).isInstanceOf(AccessException.class);
            assertThatThrownBy(() -> Pem.privateKey(bytes, "f")).isInstanceOf(AccessException.class);
        }
    }
}
