package fyr.model.name;

import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.util.List;

/** What the name of a service leads to. */
public sealed interface DnsService {

    /** A service with virtual addresses: they are its records; every named port has an SRV record. */
    record Virtual(List<IpAddress> addresses, List<DnsPort> ports) implements DnsService {
        public Virtual {
            addresses = List.copyOf(addresses);
            ports = List.copyOf(ports);
        }
    }

    /** A headless service: the addresses of its endpoints are its records. Without any, the name does not exist. */
    record Headless(List<Host> hosts) implements DnsService {
        public Headless {
            hosts = List.copyOf(hosts);
        }
    }

    /** An ExternalName service: an alias. */
    record External(String target) implements DnsService {}

    /** A port with a name; {@code name} is never empty. */
    record DnsPort(String name, Protocol protocol, int port) {}

    /** An endpoint of a headless service under its host name (its own, or one made of its address, unique in the service). */
    record Host(String name, List<IpAddress> addresses, List<DnsPort> ports) {
        public Host {
            addresses = List.copyOf(addresses);
            ports = List.copyOf(ports);
        }
    }
}
