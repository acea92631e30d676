package fyr.testkit.contract;

final class FakeDummyLinkTest extends DummyLinkContract {

    @Override
    protected TestedKernel open() {
        return new TestedFakeKernel();
    }
}
