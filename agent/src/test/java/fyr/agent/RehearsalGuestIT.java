package fyr.agent;

import static fyr.agent.RehearsalKernelIT.play;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.ServiceMode;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.Scheduler;
import fyr.kernel.linux.LinuxKernel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rehearsal of mode ipvs with a kernel that has it. */
final class RehearsalGuestIT {

    @ParameterizedTest
    @EnumSource(Scheduler.class)
    void aNodeCanCarryServicesOutAndNothingOfTheTrialIsSeenHere(Scheduler scheduler) {
        LinuxKernel.requireIpvs();
        play(Overlay.AUTO, ServiceMode.IPVS, scheduler);
        try (LinuxKernel kernel = LinuxKernel.open()) {
            assertThat(kernel.table(Tables.VIRTUAL_SERVERS).list()).isEmpty();
        }
    }
}
