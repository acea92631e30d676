package fyr.testkit.contract;

final class FakeNftTableTest extends NftTableContract {

    @Override
    protected TestedKernel open() {
        return new TestedFakeKernel();
    }
}
