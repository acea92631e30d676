package fyr.kernel.linux.contract;

import fyr.kernel.linux.libc.NoLeaks;
import fyr.testkit.contract.DummyLinkContract;
import fyr.testkit.contract.TestedKernel;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class DummyLinkContractGuestIT extends DummyLinkContract {

    @Override
    protected TestedKernel open() {
        return new TestedLinuxKernel();
    }
}
