package fyr.compiler.service.cases;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The table of cases with real packets through nf_tables. */
class NftServiceCasesKernelIT {

    @Test
    void packetsGoWhereTheTableSays() throws Exception {
        try (ServiceCasePackets packets = new ServiceCasePackets(BackEnd.NFTABLES)) {
            assertThat(packets.deviations()).isEmpty();
        }
    }
}
