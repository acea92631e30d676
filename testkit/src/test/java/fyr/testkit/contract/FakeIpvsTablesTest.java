package fyr.testkit.contract;

final class FakeIpvsTablesTest extends IpvsTablesContract {

    @Override
    protected TestedKernel open() {
        return new TestedFakeKernel();
    }
}
