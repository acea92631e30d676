package fyr.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AgentCommandTest {

    @ParameterizedTest
    @CsvSource({
        "--api-server cp.example, not HOST:PORT",
        "--api-server cp.example:0, not HOST:PORT",
        "--api-server cp.example:70000, not HOST:PORT",
        "--api-server https://cp.example:6443, not HOST:PORT",
        "--api-server cp.example:6443/base, not HOST:PORT",
        "--api-server fd00::1:6443, not HOST:PORT",
        "--api-server cp.example:6443 --kubeconfig f, give one of the two",
        "--api-server [fd00::1]:6443 --health-port -1, not a port", // the last complaint: the address is good
        "--api-server 192.0.2.1:6443 --health-port -1, not a port",
        "--dns-client 10.0.0.0, --dns-client: ",
        "--cluster-dns 0.0.0.0, --cluster-dns: ",
        "--cluster-dns ::, --cluster-dns: ",
        "--proxy-config configmap:kube-proxy, --proxy-config: not configmap:NAMESPACE/NAME",
        "--proxy-health localhost:1, --proxy-health: must be ADDRESS:PORT",
        "--proxy-metrics 127.0.0.1:0, --proxy-metrics: must be ADDRESS:PORT",
        "--service-mode userspace, '''--service-mode'': expected one of [NFTABLES, IPTABLES, IPVS]'",
        "--ipvs-scheduler dh, '''--ipvs-scheduler'': expected one of [RR, WRR, LC, WLC, SH, MH]'",
        "--proxy-config configmap:a/b/c, --proxy-config: not configmap:NAMESPACE/NAME",
        "--proxy-config configmap:../..%2f/x, --proxy-config: not configmap:NAMESPACE/NAME"
    })
    void whatIsNotUnderstoodIsSaid(String options, String complaint) {
        StringWriter err = new StringWriter();
        int status = new CommandLine(new AgentCommand())
                .setCaseInsensitiveEnumValuesAllowed(true) // as the command does
                .setErr(new PrintWriter(err))
                .execute(("--node-name n " + options).split(" "));
        assertThat(status).isEqualTo(2);
        assertThat(err.toString()).contains(complaint);
    }

    @Test
    void theNodeHasANameOrAConfiguration() {
        StringWriter err = new StringWriter();
        int status = CommandConventions.of(new AgentCommand())
                .setErr(new PrintWriter(err))
                .execute();
        assertThat(status).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required option: '--node-name=NAME'");
    }
}
