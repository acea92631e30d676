package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.ServiceMode;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.Scheduler;
import fyr.kernel.linux.LinuxKernel;
import java.nio.file.Files;
import java.nio.file.Path;
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
    @EnumSource(value = ServiceMode.class, mode = EnumSource.Mode.EXCLUDE, names = "IPVS")
    void thisKernelCanCarryServicesOutInEveryWay(ServiceMode mode) {
        isFine(Overlay.AUTO, mode);
    }

    /** Few machines have IPVS at hand, and only for root. Its list of virtual servers is there if the kernel has it. */
    @ParameterizedTest
    @EnumSource(Scheduler.class)
    void withIpvsThisKernelCanOrTheOperatorLearnsWhatToDo(Scheduler scheduler) {
        Throwable failure = catchThrowable(() -> play(Overlay.AUTO, ServiceMode.IPVS, scheduler));
        if (Files.exists(Path.of("/proc/thread-self/net/ip_vs"))) {
            assertThat(Optional.ofNullable(failure)
                            .map(Throwable::getMessage)
                            .filter(text -> !text.contains("only root")))
                    .isEmpty();
            return;
        }
        assertThat(failure)
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("cannot carry Fyr's network: IPVS: the kernel has no IPVS")
                .hasMessageContaining("run modprobe -a ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh nf_conntrack on the machine")
                .message()
                .doesNotContain("\n")
                .containsOnlyOnce("modprobe");
    }

    static void play(Overlay overlay, ServiceMode mode, Scheduler scheduler) {
        Rehearsal.play(
                new AgentOptions.Network(
                        List.of(), overlay, Optional.of(mode), Optional.empty(), false, OptionalInt.of(1000)),
                scheduler);
    }

    private static void isFine(Overlay overlay, ServiceMode mode) {
        long began = System.nanoTime();
        assertThatCode(() -> play(overlay, mode, Scheduler.RR)).doesNotThrowAnyException();
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
