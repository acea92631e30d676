package fyr.testkit.contract;

final class FakeFdbTableTest extends FdbTableContract {

    @Override
    protected TestedKernel open() {
        return new TestedFakeKernel();
    }
}
