package fyr.testkit.contract;

final class FakeNeighbourTableTest extends NeighbourTableContract {

    @Override
    protected TestedKernel open() {
        return new TestedFakeKernel();
    }
}
