package fyr.cluster.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestsTest {

    private static final String TWO = """
        # two objects
        ---
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
        ---

        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop, labels: &labels {app: web, "n": "1"}}
        spec:
          replicas: 3
          mode: 0644
          big: 123456789012345678901
          ratio: 0.5
          on: yes
          nothing: ~
          flag: true
          selector: *labels
          merged:
            <<: *labels
            app: other
          script: |
            a: b
            c
        """;

    @Test
    void documentsWithTheirLines() {
        List<Manifest> manifests = Manifests.parse(TWO, "two.yaml");
        assertThat(manifests).extracting(Manifest::position).containsExactly("two.yaml:3", "two.yaml:10");
        assertThat(manifests).extracting(Manifest::kind).containsExactly("Namespace", "Deployment");
        assertThat(manifests.get(1).namespace()).contains("shop");
        assertThat(manifests.get(0).namespace()).isEmpty();
        assertThat(new String(manifests.get(1).json(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\","
                                + "\"labels\":{\"app\":\"web\",\"n\":\"1\"}},\"spec\":{\"replicas\":3,\"mode\":420,\"big\":123456789012345678901,"
                                + "\"ratio\":0.5,\"on\":\"yes\",\"nothing\":null,\"flag\":true,\"selector\":{\"app\":\"web\",\"n\":\"1\"},"
                                + "\"merged\":{\"app\":\"other\",\"n\":\"1\"},\"script\":\"a: b\\nc\\n\"}}");
    }

    @Test
    void listsAreOpenedInYamlAndJson() {
        String json = """
            {"apiVersion":"v1","kind":"List","items":[
              {"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"x":[1,2.5,true,null]}},
              {"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"}}]}""";
        assertThat(Manifests.parse(json, "l.json")).extracting(Manifest::name).containsExactly("a", "b");
        assertThat(Manifests.parse("kind: List\napiVersion: v1\nitems:\n- {apiVersion: v1, kind: Pod}\n", "l.yaml"))
                .hasSize(1);
        assertThat(Manifests.parse(
                        "kind: PodList\napiVersion: v1\nitems:\n- metadata: {name: a}\n- {kind: Pod, metadata: {name: b}}\n",
                        "t.yaml"))
                .extracting(Manifest::apiVersion, Manifest::kind, Manifest::name)
                .containsExactly(tuple("v1", "Pod", "a"), tuple("v1", "Pod", "b"));
        assertThat(new String(Manifests.parse(json, "l").getFirst().json(), StandardCharsets.UTF_8))
                .contains("[1,2.5,true,null]");
    }

    @Test
    void jsonAndYamlAndFlowStyleStandInOneText() {
        String json =
                "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Json\",\n\t\"data\": {\"a\": \"\\/\\ud83d\\ude00\"}\n}\n";
        String flow = "{apiVersion: v1, kind: Flow, # a comment\n  metadata: {name: x}}\n";
        String yaml = "apiVersion: v1\nkind: Yaml\n";
        assertThat(positions(flow)).containsExactly("Flow 1");
        assertThat(positions(json + "---\n" + yaml)).containsExactly("Json 1", "Yaml 7");
        assertThat(positions(yaml + "---\n" + json)).containsExactly("Yaml 1", "Json 4");
        assertThat(positions(json + json + "--- # two\n" + flow + "---\n---\n\n" + json + "---"))
                .containsExactly("Json 1", "Json 6", "Flow 12", "Json 17");
        assertThat(positions("# a\n\n" + json)).containsExactly("Json 3");
        assertThat(positions("--- " + flow)).containsExactly("Flow 1");
        assertThat(positions("%YAML 1.2\n---\n" + yaml + "...\n%YAML 1.2\n---\n" + yaml))
                .containsExactly("Yaml 3", "Yaml 8");
        assertThat(positions("\uFEFF" + json + "---\r\n\uFEFF" + yaml.replace("\n", "\r\n")))
                .containsExactly("Json 1", "Yaml 7");
        assertThat(positions("text: |\n  ---\n  {\napiVersion: v1\nkind: Block\n"))
                .containsExactly("Block 1");
        assertThat(positions("")).isEmpty();
        assertThat(positions("# nothing\n---\n\n---\n")).isEmpty();
        assertThat(new String(Manifests.parse(json, "f").getFirst().json(), StandardCharsets.UTF_8))
                .contains("{\"a\":\"/\ud83d\ude00\"}");
    }

    private static List<String> positions(String text) {
        return Manifests.parse(text, "f").stream()
                .map(one -> one.kind() + " " + one.line())
                .toList();
    }

    @Test
    void aTextOfManyDocumentsIsReadInOneGo() {
        String text = "{\"apiVersion\":\"v1\",\"kind\":\"A\"}\n---\n{apiVersion: v1, kind: B}\n---\n".repeat(50_000);
        assertThat(Manifests.parse(text, "f"))
                .hasSize(100_000)
                .last()
                .satisfies(last -> assertThat(last.line()).isEqualTo(199_999));
    }

    @Test
    void fieldsHaveLines() {
        Manifest deployment = Manifests.parse(TWO, "two.yaml").get(1);
        assertThat(deployment.position("spec.replicas")).isEqualTo("two.yaml:14");
        assertThat(deployment.position("spec.selector.app")).isEqualTo("two.yaml:12");
        assertThat(deployment.position("spec.merged.n")).isEqualTo("two.yaml:12");
        assertThat(deployment.position("spec.absent.deeper")).isEqualTo("two.yaml:13");
        String text = """
            kind: List
            apiVersion: v1
            items:
            - apiVersion: v1
              kind: A
            -
              apiVersion: v1
              kind: B
              ports: [{a: 1},
                {a: 2}]
            """;
        List<Manifest> items = Manifests.parse(text, "f");
        assertThat(items).extracting(Manifest::position).containsExactly("f:4", "f:7");
        assertThat(items.get(1).position("ports[1].a")).isEqualTo("f:10");
        assertThat(items.get(1).position("ports[7].a")).isEqualTo("f:9");
        assertThat(Manifests.parse("{\"apiVersion\": \"v1\", \"kind\": \"A\",\n\"b\": [\n1,\n{\"c\": 2}]}", "f")
                        .getFirst()
                        .position("b[1].c"))
                .isEqualTo("f:4");
    }

    @Test
    void listsOfNothingAreEmptyAndKindsMayEndSo() {
        assertThat(Manifests.parse("apiVersion: v1\nkind: List\nitems: null\n", "f"))
                .isEmpty();
        assertThat(Manifests.parse("apiVersion: v1\nkind: List\n", "f")).isEmpty();
        assertThat(Manifests.parse("apiVersion: v1\nkind: List\nitems: []\n", "f"))
                .isEmpty();
        assertThat(Manifests.parse("apiVersion: x.io/v1\nkind: AllowList\nspec: {}\n", "f"))
                .extracting(Manifest::kind)
                .containsExactly("AllowList");
        complaint("apiVersion: v1\nkind: List\nitems: {a: b}\n", "f.yaml:1: the items of a list must be a sequence");
    }

    @Test
    void whatIsNoFileOfTextIsRefused(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> Manifests.read(Path.of("/dev/zero"))).hasMessageContaining("larger than 64 MiB");
        Path latin = Files.write(folder.resolve("l.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9, '\n'});
        assertThatThrownBy(() -> Manifests.read(latin)).hasMessage(latin + ": not UTF-8 text");
        Path wide = Files.write(folder.resolve("w.yaml"), "a: b\n".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> Manifests.read(wide)).hasMessage(wide + ": not UTF-8 text");
    }

    @Test
    void foldersAreReadInTheOrderOfNames(@TempDir Path folder) throws IOException {
        Files.createDirectory(folder.resolve("b"));
        Files.writeString(folder.resolve("b/x.yml"), "apiVersion: v1\nkind: B\n");
        Files.writeString(folder.resolve("a.yaml"), "apiVersion: v1\nkind: A\n");
        Files.writeString(folder.resolve("c.json"), "{\"apiVersion\":\"v1\",\"kind\":\"C\"}");
        Files.writeString(folder.resolve("README.md"), "no manifest");
        assertThat(Manifests.read(folder)).extracting(Manifest::kind).containsExactly("A", "B", "C");
    }

    @Test
    void complaintsNameFileAndLine() {
        complaint("a: 1\nb: [1, 2\nc: 3\n", "f.yaml:3: not YAML");
        complaint("apiVersion: v1\nkind: A\n---\nmetadata: {}\n", "f.yaml:4: not a Kubernetes object: kind is missing");
        complaint("- a\n- b\n", "f.yaml:1: not a Kubernetes object: a mapping");
        complaint("apiVersion: v1\nkind: A\nspec:\n  a: 1\n  a: 2\n", "f.yaml:5: the key 'a' stands twice");
        complaint("{\"kind\":\"A\",\n \"apiVersion\": v1,\n \"x\": [}", "f.yaml:");
        complaint("{\"kind\":\"A\",\n \"apiVersion\": \"v1\",\n \"kind\": \"A\"}", "f.yaml:3: ");
        complaint("apiVersion: v1\nkind: A\n---\n{\"a\": 1,\n}}", "f.yaml:5: ");
        complaint("apiVersion: v1\nkind: A\n---\nmetadata:\n\tname: x\n", "f.yaml:5: not YAML");
        assertThatThrownBy(() -> Manifests.read(Path.of("/does/not/exist")))
                .hasMessage("/does/not/exist: no such file or folder");
    }

    @Test
    void aliasBombsAreRefused() {
        StringBuilder bomb = new StringBuilder("apiVersion: v1\nkind: Bomb\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            String before = "*a" + (i - 1);
            bomb.append(
                    "a%d: &a%d [%s]%n".formatted(i, i, String.join(",", java.util.Collections.nCopies(10, before))));
        }
        complaint(bomb.toString(), "too large or too deep");
        complaint("apiVersion: v1\nkind: Loop\na: &a [*a]\n", "too large or too deep");
        complaint("a: " + "[".repeat(100_000), "f.yaml");
        complaint("{\"a\": " + "[".repeat(100_000), "f.yaml");
    }

    private static void complaint(String text, String part) {
        assertThatThrownBy(() -> Manifests.parse(text, "f.yaml"))
                .isInstanceOf(ManifestException.class)
                .hasMessageContaining(part)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void mutatedTextsGiveManifestsOrComplaints() {
        String json =
                "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"apiVersion\":\"v1\",\"kind\":\"A\",\"x\":[1,-2e5,null]}]}";
        String splinters = "\t&*!|>{}[]%@`'\"#:-?,\n \u0000~0";
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(seed % 2 == 0 ? TWO : json);
            for (int i = random.nextInt(5); i >= 0; i--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, splinters.charAt(random.nextInt(splinters.length())));
                    case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(9)));
                    default -> text.insert(at, splinters.charAt(random.nextInt(splinters.length())));
                }
            }
            try {
                Manifests.parse(text.toString(), "f").forEach(Manifest::json);
            } catch (ManifestException e) {
                assertThat(e.getMessage()).startsWith("f").as("seed " + seed).doesNotContain("\n");
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
