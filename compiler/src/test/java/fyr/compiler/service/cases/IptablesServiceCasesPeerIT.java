package fyr.compiler.service.cases;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.service.cases.Place.Side;
import fyr.compiler.service.cases.ServiceCasePackets.Deviation;
import fyr.model.address.Family;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of cases with real packets through the rules of the real kube-proxy in mode iptables. It answers as ours does, except where the
 * documentation says otherwise; {@link IptablesServiceCasesKernelIT} asks the same of ours.
 */
@SuppressWarnings("try") // a test may be interrupted while it closes
class IptablesServiceCasesPeerIT {

    /** kube-proxy writes its rules anew for each scene; those of the other family are made by the same code. */
    private static final int MINUTES = 20;

    @TempDir
    private Path folder;

    /** What kube-proxy does otherwise, as docs/design/services.md says. */
    private enum Difference {
        MASQUERADES_THE_NODES_OWN_TO_A_VIRTUAL_ADDRESS(deviation -> isOwn(deviation.asked())
                && deviation.asked().to() == Place.CLUSTER_IP
                && masqueraded(deviation.asked().expected()).containsAll(deviation.seen())),
        REFUSES_NO_UNDEFINED_PORT(deviation -> deviation.asked().expected().equals(Outcome.REFUSED)
                && (deviation.asked().to() == Place.CLUSTER_IP || !isOwn(deviation.asked()))
                && isUndefined(deviation)
                && deviation.seen().equals(Outcome.UNTOUCHED)),
        DROPS_NOTHING_TO_UNALLOCATED_ADDRESSES(
                deviation -> deviation.asked().expected().equals(Outcome.DROPPED)
                        && deviation.asked().scene().ranged()
                        && deviation.seen().equals(Outcome.UNTOUCHED)),
        DOES_NOT_REFUSE_THE_NODES_OWN_TO_AN_EXTERNAL_ADDRESS(deviation -> isOwn(deviation.asked())
                && deviation.asked().expected().equals(Outcome.REFUSED)
                && deviation.asked().to().side() == Side.WORLD
                && deviation.seen().equals(Outcome.UNTOUCHED)),
        REFUSES_NODE_PORTS_WITHOUT_ENDPOINTS_AT_EVERY_ADDRESS(
                deviation -> deviation.asked().expected().equals(Outcome.UNTOUCHED)
                        && deviation.asked().to() == Place.SECOND
                        && deviation.seen().equals(Outcome.REFUSED)),
        /** At the hook of arriving packets: by then the connection is tracked. */
        REFUSES_THE_NODES_OWN_TO_ITS_OWN_ADDRESSES_LATE(deviation -> isOwn(deviation.asked())
                && deviation.asked().expected().equals(Outcome.REFUSED)
                && deviation.asked().scene().owns(deviation.asked().to())
                && deviation.seen().equals(Outcome.REFUSED)
                && deviation.tracked().equals(Outcome.UNTOUCHED));

        private final Predicate<Deviation> is;

        Difference(Predicate<Deviation> is) {
            this.is = is;
        }
    }

    private static boolean isOwn(ServiceCase one) {
        return one.scene().owns(one.from());
    }

    private static boolean isUndefined(Deviation deviation) {
        return deviation.asked().port() != Scene.PORT
                || deviation.asked().scene().services().stream()
                        .noneMatch(service -> service.protocols().contains(deviation.protocol()));
    }

    private static Set<Outcome> masqueraded(Set<Outcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> outcome instanceof Outcome.Reached(Place endpoint, int port, boolean _)
                        ? new Outcome.Reached(endpoint, port, true)
                        : outcome)
                .collect(Collectors.toSet());
    }

    @Test
    @Timeout(value = MINUTES, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void kubeProxyAnswersTheSame() throws Exception {
        List<Deviation> others = new ArrayList<>();
        Set<Difference> found = new HashSet<>();
        try (ServiceCasePackets packets = new ServiceCasePackets(() -> new KubeProxyNode(folder))) {
            Stream<ServiceCase> cases = ServiceCases.all().stream().filter(one -> KubeProxyNode.canBe(one.scene()));
            for (Deviation deviation : packets.deviations(cases, EnumSet.of(Family.IPV4))) {
                List<Difference> known = Stream.of(Difference.values())
                        .filter(difference -> difference.is.test(deviation))
                        .toList();
                found.addAll(known);
                if (known.isEmpty()) {
                    others.add(deviation);
                }
            }
        }
        assertThat(others).isEmpty();
        assertThat(found).isEqualTo(EnumSet.allOf(Difference.class));
    }
}
