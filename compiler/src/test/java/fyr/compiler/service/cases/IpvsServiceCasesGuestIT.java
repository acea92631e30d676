package fyr.compiler.service.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of cases with real packets through IPVS. */
@SuppressWarnings("try") // a test may be interrupted while it closes
class IpvsServiceCasesGuestIT {

    private static final int MINUTES = 15;

    @Test
    @Timeout(value = MINUTES, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void packetsGoWhereTheTableSays() throws Exception {
        try (ServiceCasePackets packets = new ServiceCasePackets(() -> new PlannedNode(BackEnd.IPVS))) {
            assertThat(packets.deviations()).isEmpty();
        }
    }
}
