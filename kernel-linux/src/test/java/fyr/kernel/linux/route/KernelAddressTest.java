package fyr.kernel.linux.route;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.model.address.IpAddress;
import org.junit.jupiter.api.Test;

final class KernelAddressTest {

    private static Message message(int family, byte[] address) {
        return Message.parse(Rtnetlink.address(Rtnetlink.RTM_NEWADDR, 0, family, 32, 0, 7)
                        .bytes(Rtnetlink.IFA_LOCAL, address)
                        .toBytes())
                .getFirst();
    }

    @Test
    void addressesOfOtherFamiliesAreLeftOut() {
        int managementComponents = 45; // AF_MCTP
        assertThat(KernelAddress.of(message(managementComponents, new byte[1]))).isEmpty();
        assertThat(KernelAddress.of(message(Rtnetlink.AF_INET, new byte[] {10, 1, 2, 3})))
                .contains(new KernelAddress(7, IpAddress.parse("10.1.2.3"), new InterfaceAddress(32), 0));
    }
}
