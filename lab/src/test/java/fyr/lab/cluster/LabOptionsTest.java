package fyr.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.lab.world.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabOptionsTest {

    private static final LabOptions OPTIONS = new LabOptions(
            3, 2, 2, LabOptions.ControlPlane.KUBERNETES, LabOptions.Families.IPV4, LabOptions.ServiceMode.IPVS);

    @Test
    void theDaemonReadsWhatTheCommandSays() {
        assertThat(LabOptions.parse(OPTIONS.arguments())).isEqualTo(OPTIONS);
    }

    @Test
    void nodesAreInTheirZonesAndPodsHaveTheFamilies() {
        assertThat(OPTIONS.topology().places()).extracting(Place::zone).containsExactly("zone-a", "zone-b", "zone-a");
        assertThat(OPTIONS.topology().places())
                .allSatisfy(place -> assertThat(place.podPrefixes()).hasSize(1));
        assertThat(new LabOptions(1, 1, LabOptions.ControlPlane.EMBEDDED)
                        .topology()
                        .places())
                .extracting(Place::zone)
                .containsExactly("subnet0");
    }

    @Test
    void agentsAreToldAnotherServiceModeThanTheirDefault() {
        assertThat(OPTIONS.serviceMode().agentOptions()).isEqualTo(List.of("--service-mode", "ipvs"));
        assertThat(LabOptions.ServiceMode.NFTABLES.agentOptions()).isEmpty();
    }
}
