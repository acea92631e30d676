package fyr.testkit.contract;

final class FakeAddressTableTest extends AddressTableContract {

    @Override
    protected TestedKernel open() {
        return new TestedFakeKernel();
    }
}
