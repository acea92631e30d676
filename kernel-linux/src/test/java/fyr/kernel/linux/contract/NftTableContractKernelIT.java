package fyr.kernel.linux.contract;

import fyr.kernel.linux.libc.NoLeaks;
import fyr.testkit.contract.NftTableContract;
import fyr.testkit.contract.TestedKernel;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class NftTableContractKernelIT extends NftTableContract {

    @Override
    protected TestedKernel open() {
        return new TestedLinuxKernel();
    }
}
