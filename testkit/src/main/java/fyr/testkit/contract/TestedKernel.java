package fyr.testkit.contract;

import fyr.kernel.Kernel;
import fyr.kernel.ipvs.IpvsTimeout;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.link.AddressKey;
import fyr.kernel.route.RouteKey;

/** A kernel without anything of Fyr's, and what others do to it. */
public interface TestedKernel extends AutoCloseable {

    /** The kernel. */
    Kernel kernel();

    /** Somebody makes a link and sets it up. */
    void addLink(String name);

    /** Somebody deletes a link. */
    void deleteLink(String name);

    /** Somebody sets a link down. */
    void setDown(String name);

    /** Somebody gives a link an address. */
    void addAddress(AddressKey address, int prefixLength);

    /** Somebody adds a route that answers "unreachable". */
    void addRoute(RouteKey destination);

    /** Somebody makes a virtual server. */
    void addVirtualServer(VirtualServerKey key);

    /** Somebody sets a timeout of IPVS. */
    void setTimeout(IpvsTimeout timeout, int seconds);

    /** Removes whatever is left. */
    @Override
    void close();
}
