package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.ServiceMode;
import fyr.kernel.Tables;
import fyr.kernel.linux.LinuxKernel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RehearsalKernelIT {

    @ParameterizedTest
    @EnumSource(Overlay.class)
    void thisKernelCanAndNothingOfItIsSeenHere(Overlay overlay) {
        isFine(overlay, ServiceMode.NFTABLES);
    }

    @ParameterizedTest
    @EnumSource(ServiceMode.class)
    void thisKernelCanCarryServicesOutInEveryWay(ServiceMode mode) {
        isFine(Overlay.AUTO, mode);
    }

    private static void isFine(Overlay overlay, ServiceMode mode) {
        long began = System.nanoTime();
        assertThatCode(() -> Rehearsal.play(new AgentOptions.Network(
                        List.of(), overlay, Optional.of(mode), Optional.empty(), false, OptionalInt.of(1000))))
                .doesNotThrowAnyException();
        System.out.println(
                "rehearsal, " + overlay + ", " + mode + ": " + (System.nanoTime() - began) / 1_000_000 + " ms");
        try (LinuxKernel kernel = LinuxKernel.open()) {
            assertThat(kernel.table(Tables.LINKS).list()).isEmpty();
            assertThat(kernel.podLinks().hostEnds()).isEmpty();
            assertThat(kernel.table(Tables.NFT).list()).isEmpty();
            assertThat(kernel.table(Tables.IPTABLES).list()).isEmpty();
        }
    }
}
