package fyr.policy;

import fyr.model.Pod;
import fyr.model.Protocol;
import fyr.model.policy.PolicyPort;
import java.util.List;
import java.util.stream.Stream;

/** Ports at the destination of the traffic. */
public sealed interface PortTerm {

    /** All ports of all protocols, those included that have no ports (ICMP): a rule that names none. */
    record Any() implements PortTerm {}

    /** Ports of one protocol from {@code first} to {@code last}, both included; 0 to 65535. */
    record Range(Protocol protocol, int first, int last) implements PortTerm {

        /** Whether it is one port only. */
        public boolean single() {
            return first == last;
        }

        /** Whether it contains the port of the protocol with this IP number. */
        public boolean matches(int protocolNumber, int port) {
            return protocol.number() == protocolNumber && first <= port && port <= last;
        }
    }

    /** What the destination pod calls so; nothing for a destination that is not a pod or does not have it. */
    record Named(Protocol protocol, String name) implements PortTerm {

        /** The ports that the pod calls so; containers of one pod may give one name to several. */
        public Stream<Range> of(Pod pod) {
            return of(pod.ports());
        }

        /** The ports of these that are called so. */
        public Stream<Range> of(List<Pod.ContainerPort> ports) {
            return ports.stream()
                    .filter(port -> port.protocol() == protocol && port.name().equals(name))
                    .map(port -> new Range(protocol, port.port(), port.port()));
        }
    }

    /** The term for a port of a policy. */
    static PortTerm of(PolicyPort port) {
        return switch (port) {
            case PolicyPort.All(Protocol protocol) -> new Range(protocol, 0, 65535);
            case PolicyPort.Range(Protocol protocol, int first, int last) -> new Range(protocol, first, last);
            case PolicyPort.Named(Protocol protocol, String name) -> new Named(protocol, name);
        };
    }

    /** The terms for the ports of a rule, any of which may match; the one term {@link Any} if it names none. */
    static List<PortTerm> of(List<PolicyPort> ports) {
        return ports.isEmpty()
                ? List.of(new Any())
                : ports.stream().map(PortTerm::of).toList();
    }
}
