package fyr.kernel.linux.contract;

import fyr.kernel.linux.libc.NoLeaks;
import fyr.testkit.contract.IpvsTablesContract;
import fyr.testkit.contract.TestedKernel;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class IpvsTablesContractGuestIT extends IpvsTablesContract {

    @Override
    protected TestedKernel open() {
        return new TestedLinuxKernel();
    }
}
