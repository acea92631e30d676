package fyr.testkit.contract;

final class FakeRouteTableTest extends RouteTableContract {

    @Override
    protected TestedKernel open() {
        return new TestedFakeKernel();
    }
}
