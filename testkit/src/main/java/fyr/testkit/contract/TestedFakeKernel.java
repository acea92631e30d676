package fyr.testkit.contract;

import fyr.kernel.Kernel;
import fyr.kernel.ipvs.IpvsTimeout;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.route.RouteKey;
import fyr.testkit.FakeKernel;

/** The fake kernel. */
public final class TestedFakeKernel implements TestedKernel {

    private final FakeKernel kernel = new FakeKernel();

    @Override
    public Kernel kernel() {
        return kernel;
    }

    @Override
    public void addLink(String name) {
        kernel.links.addOther(name);
    }

    @Override
    public void deleteLink(String name) {
        kernel.links.delete(name);
    }

    @Override
    public void setDown(String name) {
        kernel.links.setDown(name);
    }

    @Override
    public void addAddress(AddressKey address, int prefixLength) {
        kernel.addresses.others.put(address, new InterfaceAddress(prefixLength));
    }

    @Override
    public void addRoute(RouteKey destination) {
        kernel.routes.others.add(destination);
    }

    @Override
    public void addVirtualServer(VirtualServerKey key) {
        kernel.virtualServers.others.add(key);
    }

    @Override
    public void setTimeout(IpvsTimeout timeout, int seconds) {
        kernel.ipvsTimeouts.setByOthers(timeout, seconds);
    }

    @Override
    public void close() {}
}
