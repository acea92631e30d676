package fyr.kernel.linux.contract;

import fyr.kernel.linux.libc.NoLeaks;
import fyr.testkit.contract.RouteTableContract;
import fyr.testkit.contract.TestedKernel;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class RouteTableContractKernelIT extends RouteTableContract {

    @Override
    protected TestedKernel open() {
        return new TestedLinuxKernel();
    }
}
