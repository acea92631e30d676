package fyr.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.testkit.Golden;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/proxy-configuration.md is what the table says. */
class ProxyFieldsTest {

    private static final String INTRODUCTION = """
            # kube-proxy's configuration

            An agent takes the place of kube-proxy, and can follow its configuration unchanged (`KubeProxyConfiguration` v1alpha1, as in Kubernetes 1.37):

            ```sh
            fyr agent --proxy-config /var/lib/kube-proxy/config.conf ...
            fyr agent --proxy-config configmap:kube-system/kube-proxy ...      # what kubeadm wrote, key config.conf
            ```

            - It is read once, when the agent starts. A ConfigMap is waited for until the API server answers; nothing is served meanwhile, and the kernel keeps what it holds.
            - A field that is set and not honoured is named in the log and by `fyr status`, with what follows from it. A field with its zero value counts as absent, as with kube-proxy.
            - An unknown field has no effect and is named, with the field that was probably meant. Another `apiVersion` is read all the same, with a warning.
            - A wrong value ends the agent with one line, `FILE:LINE: FIELD must be ...`, and exit code 1. What kube-proxy 1.37 accepts is accepted, except for a key that stands twice in one section.
            - Options of the command line have precedence: `--node-name` over `hostnameOverride`, `--service-mode` over `mode`, `--ipvs-scheduler` over `ipvs.scheduler`; prefixes of `--cluster-cidr` are added to `clusterCIDR`.

            The table is generated from the code; `-Dfyr.goldens=write` with the test `ProxyFieldsTest` rewrites this page.

            | field | the agent | what that means |
            |---|---|---|
            """;

    @Test
    void thePageSaysWhatTheTableSays() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (ProxyField field : ProxyFields.all()) {
            page.append("| `")
                    .append(field.path())
                    .append("` | ")
                    .append(field.treatment().text())
                    .append(field.satisfied().stream()
                            .map(value -> "; `" + value + "` is honoured")
                            .collect(Collectors.joining()))
                    .append(" | ")
                    .append(field.text())
                    .append(" |\n");
        }
        Golden.check(Path.of("../docs/proxy-configuration.md"), page.toString());
    }

    @Test
    void fieldsThatAreNotHonouredSayWhatFollows() {
        assertThat(ProxyFields.all()).allSatisfy(field -> {
            assertThat(field.text()).isNotBlank().doesNotContain("|").doesNotContainPattern("\\R");
            assertThat(ProxyFields.of(field.path())).contains(field);
        });
    }
}
