package fyr.cluster.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PemTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "genrsa -traditional -out key 2048, RSA PRIVATE KEY, SHA256withRSA",
        "genpkey -algorithm RSA -out key, BEGIN PRIVATE KEY, SHA256withRSA",
        "ecparam -name prime256v1 -genkey -out key, EC PRIVATE KEY, SHA256withECDSA",
        "ecparam -name secp384r1 -genkey -noout -out key, EC PRIVATE KEY, SHA256withECDSA",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key, BEGIN PRIVATE KEY, SHA256withECDSA",
        "genpkey -algorithm ed25519 -out key, BEGIN PRIVATE KEY, Ed25519"
    })
    void keysOfAllFormsBelongToTheirCertificates(String command, String form, String algorithm) throws Exception {
        OpenSsl openssl = new OpenSsl(folder);
        openssl.run(command);
        openssl.certify("key", "crt");
        byte[] text = Files.readAllBytes(folder.resolve("key"));
        assertThat(new String(text, StandardCharsets.US_ASCII)).contains(form);
        PrivateKey key = Pem.privateKey(text, "key");
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(Pem.certificates(Files.readAllBytes(folder.resolve("crt")), "crt")
                .getFirst());
        signature.update(text);
        assertThat(signature.verify(signed)).isTrue();
        mutations(text);
    }

    private static void mutations(byte[] text) {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            byte[] mutated = text.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                mutated[random.nextInt(mutated.length)] = (byte) (32 + random.nextInt(95));
            }
            try {
                Pem.privateKey(mutated, "key");
                Pem.certificates(mutated, "key");
            } catch (AccessException e) {
                assertThat(e.getMessage()).startsWith("key: ");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void complaints() {
        assertThatThrownBy(() -> Pem.privateKey("nothing".getBytes(StandardCharsets.US_ASCII), "f: client-key"))
                .hasMessage("f: client-key: no PEM block PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY in it");
        String encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        assertThatThrownBy(() -> Pem.privateKey(encrypted.getBytes(StandardCharsets.US_ASCII), "f"))
                .hasMessageContaining("is encrypted");
    }
}
