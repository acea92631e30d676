package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Services of a lab in mode iptables. */
class IptablesServicesLabIT extends ServicesOfALab {

    IptablesServicesLabIT() {
        super("iptables", 1, 40); // at random: once in 10^12 times
    }

    @Test
    void theChainsAreThoseOfKubeProxyAndMapsOfServicesAreAbsent() throws Exception {
        for (String save : new String[] {"iptables-save", "ip6tables-save"}) {
            assertThat(lab().onNode("node1", save).succeeded().output())
                    .contains(
                            ":KUBE-SERVICES ",
                            ":KUBE-SVC-",
                            ":KUBE-SEP-",
                            "default/sticky",
                            "--rcheck --seconds 10800");
        }
        assertThat(lab().onNode("node1", "nft list table ip fyr; nft list table ip6 fyr")
                        .succeeded()
                        .output())
                .doesNotContain("map services ", "map backends ", "map node-ports ", "map affinity ");
    }
}
