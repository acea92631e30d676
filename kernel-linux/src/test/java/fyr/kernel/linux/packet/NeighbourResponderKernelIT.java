package fyr.kernel.linux.packet;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.model.address.IpAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A machine on the same link asks; its kernel's table of neighbours is the witness. */
@ExtendWith(NoLeaks.class)
final class NeighbourResponderKernelIT {

    private static final IpAddress FOUR = IpAddress.parse("192.0.2.77");
    private static final IpAddress SIX = IpAddress.parse("2001:db8:77::7:77");
    private static final String MAC = "02:00:00:00:00:77";

    private final Path file = Path.of("/run/netns/asking");
    private final Set<IpAddress> answered = ConcurrentHashMap.newKeySet();
    private NetworkNamespace asking;
    private NeighbourResponder responder;

    @BeforeEach
    void twoMachines() {
        asking = NetworkNamespace.create(file);
        sh("ip link add uplink0 address " + MAC + " type veth peer name eth0 netns asking");
        sh("ip link set uplink0 up");
        there("ip addr add 192.0.2.1/24 dev eth0 && ip addr add 2001:db8:77::1/64 dev eth0 nodad && ip link set eth0"
                + " up");
        responder = NeighbourResponder.start("uplink0", answered::contains);
        responder.follow(List.of(FOUR, SIX));
    }

    @AfterEach
    void end() {
        responder.close();
        sh("ip link del uplink0");
        asking.close();
        NetworkNamespace.delete(file);
    }

    private String there(String command) {
        try {
            return asking.call(() -> sh(command));
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** What the asking machine knows of an address after it has sent a datagram there. */
    private String asked(IpAddress address) {
        return there("bash -c 'for i in 1 2 3; do echo > /dev/udp/" + address
                + "/9; sleep 0.1; done' 2>&1; ip neigh show to " + address);
    }

    @Test
    void answersForTheAddressesThatItIsAskedFor() {
        answered.addAll(List.of(FOUR, SIX));
        assertThat(asked(FOUR)).contains(MAC).contains("REACHABLE");
        assertThat(asked(SIX)).contains(MAC).contains("REACHABLE");
        assertThat(asked(IpAddress.parse("192.0.2.78"))).doesNotContain(MAC);
        assertThat(asked(IpAddress.parse("2001:db8:77::7:78"))).doesNotContain(MAC);
    }

    @Test
    void isSilentAboutAddressesThatItMustNotAnswerForNow() {
        assertThat(asked(FOUR)).doesNotContain(MAC);
        assertThat(asked(SIX)).doesNotContain(MAC);
        answered.addAll(List.of(FOUR, SIX));
        there("ip neigh flush dev eth0");
        assertThat(asked(FOUR)).contains(MAC);
        assertThat(asked(SIX)).contains(MAC);
    }

    @Test
    void anAnnouncementReplacesWhatOthersKnow() {
        for (IpAddress address : List.of(FOUR, SIX)) {
            there("ip neigh replace " + address + " lladdr 02:00:00:00:00:99 dev eth0 nud reachable");
            // A link that has just come up is in no IPv6 group yet; agents repeat their announcements for such a
            // reason.
            String known = "";
            for (int i = 0; i < 50 && !known.contains(MAC); i++) {
                responder.announce(address);
                known = there("sleep 0.1; ip neigh show to " + address);
            }
            assertThat(known).contains(MAC);
        }
    }

    @Test
    void noticesThatTheLinkHasAnotherAddress() {
        assertThat(responder.isCurrent()).isTrue();
        sh("ip link set uplink0 address 02:00:00:00:00:78");
        assertThat(responder.isCurrent()).isFalse();
    }

    @Test
    void goesOnAfterTheLinkWasDown() {
        answered.add(FOUR);
        sh("ip link set uplink0 down && sleep 0.1 && ip link set uplink0 up && sleep 0.1");
        assertThat(asked(FOUR)).contains(MAC);
    }

    @Test
    void aMissingLinkIsSaid() {
        assertThatThrownBy(() -> NeighbourResponder.start("nowhere", _ -> true)).isInstanceOf(KernelException.class);
        assertThatThrownBy(() -> NeighbourResponder.start("lo-but-much-too-long", _ -> true))
                .isInstanceOf(KernelException.class);
    }
}
