package fyr.testkit.contract;

final class FakeLinkTableTest extends LinkTableContract {

    @Override
    protected TestedKernel open() {
        return new TestedFakeKernel();
    }
}
