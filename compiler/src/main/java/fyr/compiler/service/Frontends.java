package fyr.compiler.service;

import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The frontends of one service, each with its port. Two ports of a service may not claim the same frontend; if they do, the first one has it.
 * Frontends other than virtual addresses exist in the families of the virtual addresses.
 */
final class Frontends {

    private final Map<Frontend, Service.Port> ports = new LinkedHashMap<>();

    private Frontends() {}

    /**
     * @param addresses those virtual addresses of the service that are served
     */
    static Map<Frontend, Service.Port> of(Service service, List<IpAddress> addresses) {
        Frontends frontends = new Frontends();
        for (Service.Port port : service.ports()) {
            addresses.forEach(address -> frontends.add(service, address, port));
        }
        return frontends.ports;
    }

    private void add(Service service, IpAddress clusterIp, Service.Port port) {
        Family family = clusterIp.family();
        ports.putIfAbsent(new Frontend.ClusterIp(clusterIp, port.protocol(), port.port()), port);
        if (port.nodePort() != 0) {
            ports.putIfAbsent(new Frontend.NodePort(family, port.protocol(), port.nodePort()), port);
        }
        for (IpAddress address : service.traffic().externalIps()) {
            if (address.family() == family) {
                ports.putIfAbsent(new Frontend.ExternalIp(address, port.protocol(), port.port()), port);
            }
        }
        for (IpAddress address : service.traffic().loadBalancerIps()) {
            if (address.family() == family) {
                ports.putIfAbsent(new Frontend.LoadBalancerIp(address, port.protocol(), port.port()), port);
            }
        }
    }
}
