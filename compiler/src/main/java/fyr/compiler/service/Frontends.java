package fyr.compiler.service;

import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The frontends of one service. Two ports of a service may not claim the same frontend; if they do, the port that is asked about first has
 * it. Frontends other than virtual addresses exist in the families of the virtual addresses.
 */
final class Frontends {

    private final Service service;
    private final List<IpAddress> addresses;
    private final Set<Frontend> given = new HashSet<>(0); // of services with several ports only: most have one

    /**
     * @param addresses those virtual addresses of the service that are served
     */
    Frontends(Service service, List<IpAddress> addresses) {
        this.service = service;
        this.addresses = addresses;
    }

    /** All of them. */
    List<Frontend> all() {
        List<Frontend> all = new ArrayList<>();
        for (Service.Port port : service.ports()) {
            for (Family family : Family.values()) {
                all.addAll(of(port, family));
            }
        }
        return all;
    }

    /** Those of a port in one family that no earlier port has. */
    List<Frontend> of(Service.Port port, Family family) {
        List<Frontend> frontends = new ArrayList<>();
        boolean served = false;
        for (IpAddress address : addresses) {
            if (address.family() == family) {
                add(new Frontend.ClusterIp(address, port.protocol(), port.port()), frontends);
                served = true;
            }
        }
        if (!served) {
            return frontends;
        }
        if (port.nodePort() != 0) {
            add(new Frontend.NodePort(family, port.protocol(), port.nodePort()), frontends);
        }
        for (IpAddress address : service.traffic().externalIps()) {
            if (address.family() == family) {
                add(new Frontend.ExternalIp(address, port.protocol(), port.port()), frontends);
            }
        }
        for (IpAddress address : service.traffic().loadBalancerIps()) {
            if (address.family() == family) {
                add(new Frontend.LoadBalancerIp(address, port.protocol(), port.port()), frontends);
            }
        }
        return frontends;
    }

    private void add(Frontend frontend, List<Frontend> frontends) {
        if (service.ports().size() > 1 ? given.add(frontend) : !frontends.contains(frontend)) {
            frontends.add(frontend);
        }
    }
}
