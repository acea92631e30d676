package fyr.testkit.contract;

final class FakeSysctlTableTest extends SysctlTableContract {

    @Override
    protected TestedKernel open() {
        return new TestedFakeKernel();
    }
}
