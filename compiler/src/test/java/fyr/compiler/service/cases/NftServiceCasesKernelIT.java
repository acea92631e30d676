package fyr.compiler.service.cases;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The table of cases with real packets through nf_tables. */
@SuppressWarnings("try") // a test may be interrupted while it closes
class NftServiceCasesKernelIT {

    @Test
    void packetsGoWhereTheTableSays() throws Exception {
        try (ServiceCasePackets packets = new ServiceCasePackets(() -> new PlannedNode(BackEnd.NFTABLES))) {
            assertThat(packets.deviations()).isEmpty();
        }
    }
}
