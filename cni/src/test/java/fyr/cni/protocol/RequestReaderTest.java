package fyr.cni.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.model.HostPort;
import fyr.model.Protocol;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RequestReaderTest {

    private static final Map<String, String> ADD = Map.of(
            "CNI_COMMAND", "ADD",
            "CNI_CONTAINERID", "abc_1.2-3",
            "CNI_NETNS", "/run/netns/x",
            "CNI_IFNAME", "eth0",
            "CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web;FOO=a=b");

    private static RawRequest raw(String configuration, String... changes) {
        Map<String, String> environment = new HashMap<>(ADD);
        for (int i = 0; i < changes.length; i += 2) {
            environment.put(changes[i], changes[i + 1]);
        }
        return new RawRequest(environment, configuration.getBytes(UTF_8));
    }

    private static String configuration(String more) {
        return "{\"cniVersion\":\"1.1.0\",\"name\":\"fyr\"" + more + "}";
    }

    private static void refused(RawRequest request, CniErrorCode code, String... words) {
        assertThatThrownBy(() -> RequestReader.read(request))
                .isInstanceOfSatisfying(
                        CniException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(words.length == 0 ? new String[] {""} : words);
    }

    @Test
    void readsAnAdd() {
        CniRequest.Add add = (CniRequest.Add) RequestReader.read(raw(configuration("")));
        assertThat(add.attachment()).hasToString("abc_1.2-3/eth0");
        assertThat(add.pod()).hasToString("shop/web");
        assertThat(add.podUid()).isEmpty();
        CniRequest.Add withUid = (CniRequest.Add) RequestReader.read(
                raw(configuration(""), "CNI_ARGS", "K8S_POD_NAMESPACE=shop;K8S_POD_UID=b1b6a9c4;K8S_POD_NAME=web"));
        assertThat(withUid.podUid()).isEqualTo("b1b6a9c4");
        assertThat(withUid.pod()).hasToString("shop/web");
        assertThat(add.version()).isEqualTo(CniVersion.V1_1_0);
    }

    @Test
    void refusesVariablesByName() {
        refused(raw(configuration(""), "CNI_COMMAND", "ADDD"), CniErrorCode.INVALID_ENVIRONMENT, "CNI_COMMAND", "ADDD");
        for (String bad : new String[] {"", "-a", "a/b", "a b", "é", "../x", "x".repeat(201)}) {
            refused(
                    raw(configuration(""), "CNI_CONTAINERID", bad),
                    CniErrorCode.INVALID_ENVIRONMENT,
                    "CNI_CONTAINERID");
        }
        for (String bad : new String[] {"", ".", "..", "a/b", "a:b", "a b", "sixteen-letters-"}) {
            refused(raw(configuration(""), "CNI_IFNAME", bad), CniErrorCode.INVALID_ENVIRONMENT, "CNI_IFNAME");
        }
        refused(raw(configuration(""), "CNI_NETNS", ""), CniErrorCode.INVALID_ENVIRONMENT, "CNI_NETNS");
        refused(raw(configuration(""), "CNI_NETNS", "run/x"), CniErrorCode.INVALID_ENVIRONMENT, "CNI_NETNS");
        refused(
                raw(configuration(""), "CNI_ARGS", "nonsense"),
                CniErrorCode.INVALID_ENVIRONMENT,
                "CNI_ARGS",
                "nonsense");
    }

    @Test
    void refusesConfigurationsByCode() {
        refused(raw("{"), CniErrorCode.UNDECODABLE);
        refused(raw("[]"), CniErrorCode.UNDECODABLE);
        refused(raw(""), CniErrorCode.UNDECODABLE);
        refused(raw("{\"name\":\"fyr\"}"), CniErrorCode.INCOMPATIBLE_VERSION, "0.3.1, 0.4.0, 1.0.0, 1.1.0");
        refused(raw("{\"cniVersion\":\"2.0.0\"}"), CniErrorCode.INCOMPATIBLE_VERSION, "2.0.0");
        refused(raw("{\"cniVersion\":\"1.1.0\"}"), CniErrorCode.INVALID_CONFIGURATION, "name");
        String old = "{\"cniVersion\":\"0.3.1\",\"name\":\"fyr\"}";
        refused(raw(old, "CNI_COMMAND", "CHECK"), CniErrorCode.INCOMPATIBLE_VERSION, "CHECK needs cniVersion 0.4.0");
        refused(raw(old, "CNI_COMMAND", "GC"), CniErrorCode.INCOMPATIBLE_VERSION, "GC needs cniVersion 1.1.0");
        refused(raw(old, "CNI_COMMAND", "STATUS"), CniErrorCode.INCOMPATIBLE_VERSION, "STATUS");
    }

    @Test
    void refusesCapabilitiesThatAreAskedFor() {
        refused(
                raw(configuration(",\"runtimeConfig\":{\"bandwidth\":{\"ingressRate\":1000}}")),
                CniErrorCode.UNSUPPORTED_FIELD,
                "runtimeConfig.bandwidth");
        for (String fine : new String[] {
            "{}",
            "null",
            "{\"portMappings\":[]}",
            "{\"portMappings\":null}",
            "{\"portMappings\":[{\"hostPort\":0,\"containerPort\":80}]}",
            "{\"bandwidth\":{\"ingressRate\":0}}",
            "{\"dns\":{\"servers\":[\"10.96.0.10\"]}}",
            "{\"mac\":\"\"}"
        }) {
            assertThat(RequestReader.read(raw(configuration(",\"runtimeConfig\":" + fine))))
                    .isInstanceOf(CniRequest.Add.class);
        }
    }

    @Test
    void readsHostPorts() {
        String ports = ",\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":8080,\"containerPort\":80}]}";
        assertThat(((CniRequest.Add) RequestReader.read(raw(configuration(ports)))).hostPorts())
                .containsExactly(new HostPort(Optional.empty(), Protocol.TCP, 8080, 80));
    }

    @Test
    void deleteNeedsNeitherNamespaceNorFineConfiguration() {
        String config = configuration(",\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":1}]},\"prevResult\":{}");
        assertThat(RequestReader.read(raw(config, "CNI_COMMAND", "DEL", "CNI_NETNS", "", "CNI_ARGS", "nonsense")))
                .isInstanceOf(CniRequest.Delete.class);
    }

    @Test
    void readsTheListOfGc() {
        assertThat(((CniRequest.Collect) RequestReader.read(raw(configuration(""), "CNI_COMMAND", "GC"))).valid())
                .isEmpty();
        String list = ",\"cni.dev/attachments\":[{\"containerID\":\"a\",\"ifname\":\"eth0\"}]";
        assertThat(((CniRequest.Collect) RequestReader.read(raw(configuration(list), "CNI_COMMAND", "GC")))
                        .valid()
                        .orElseThrow())
                .containsExactly(new AttachmentKey("a", "eth0"));
        String none = ",\"cni.dev/valid-attachments\":null";
        assertThat(((CniRequest.Collect) RequestReader.read(raw(configuration(none), "CNI_COMMAND", "GC")))
                        .valid()
                        .orElseThrow())
                .isEmpty();
        String bad = ",\"cni.dev/valid-attachments\":[{\"containerID\":\"a\"}]";
        refused(raw(configuration(bad), "CNI_COMMAND", "GC"), CniErrorCode.INVALID_CONFIGURATION);
    }

    /** Whatever arrives, the answer is a request or a CniException. */
    @Test
    void survivesAnything() {
        long seed = 20260101;
        SplittableRandom random = new SplittableRandom(seed);
        String base =
                configuration(",\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":1}]},\"prevResult\":{\"ips\":[]},"
                        + "\"cni.dev/valid-attachments\":[{\"containerID\":\"a\",\"ifname\":\"eth0\"}]");
        String[] commands = {"ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION", "", "add"};
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = base.getBytes(UTF_8);
            for (int change = random.nextInt(4); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            bytes = random.nextInt(4) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
            Map<String, String> environment = new HashMap<>(ADD);
            environment.put("CNI_COMMAND", commands[random.nextInt(commands.length)]);
            environment.computeIfPresent("CNI_NETNS", (key, value) -> random.nextInt(5) == 0 ? value + "\0" : value);
            RawRequest request = new RawRequest(environment, bytes);
            try {
                RequestReader.read(request);
            } catch (CniException e) {
                assertThat(ResultText.error(RequestReader.versionText(request), e))
                        .startsWith("{");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + i + ": " + new String(bytes, UTF_8), e);
            }
        }
    }
}
