package fyr.bgp.interop;

import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import java.util.ArrayList;
import java.util.List;

/**
 * One link with this JVM at its bridge and each router in a network namespace of its own. Host N has the addresses 10.77.0.N, fd77::N and fe80::N;
 * this JVM is host 1.
 */
final class Lan implements AutoCloseable {

    static final String BRIDGE = "lan0";
    static final Ipv4Address OWN_V4 = Ipv4Address.parse("10.77.0.1");
    static final Ipv6Address OWN_V6 = Ipv6Address.parse("fd77::1");
    static final Ipv6Address OWN_LINK_LOCAL = Ipv6Address.parse("fe80::1");

    private final List<Host> hosts = new ArrayList<>();

    /** A namespace with the link {@code eth0}. */
    record Host(int number) {

        String namespace() {
            return "host" + number;
        }

        Ipv4Address v4() {
            return Ipv4Address.parse("10.77.0." + number);
        }

        Ipv6Address v6() {
            return Ipv6Address.parse("fd77::" + number);
        }

        Ipv6Address linkLocal() {
            return Ipv6Address.parse("fe80::" + number);
        }

        /** A command that runs a program there; the process is the program itself. */
        List<String> command(List<String> program) {
            List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace()));
            all.addAll(program);
            return all;
        }
    }

    Lan() {
        Shell.run("ip link add " + BRIDGE + " type bridge");
        configure("", BRIDGE, 1);
    }

    Host host(int number) {
        Host host = new Host(number);
        String namespace = host.namespace();
        hosts.add(host);
        Shell.run("ip netns add " + namespace);
        Shell.run(
                "ip link add port%d master %s type veth peer name eth0 netns %s".formatted(number, BRIDGE, namespace));
        Shell.run("ip link set port" + number + " up");
        String inside = "ip netns exec " + namespace + " ";
        Shell.run(inside + "ip link set lo up");
        configure(inside, "eth0", number);
        return host;
    }

    /** The addresses can be used at once: nobody else has them. */
    private static void configure(String inside, String link, int number) {
        Shell.run(inside + "ip link set " + link + " addrgenmode none");
        Shell.run(inside + "ip link set " + link + " up");
        Shell.run(inside + "ip addr add 10.77.0." + number + "/24 dev " + link);
        Shell.run(inside + "ip addr add fd77::" + number + "/64 dev " + link + " nodad");
        Shell.run(inside + "ip addr add fe80::" + number + "/64 dev " + link + " nodad");
    }

    @Override
    public void close() {
        hosts.forEach(host -> Shell.run("ip netns del " + host.namespace()));
        Shell.run("ip link del " + BRIDGE);
    }
}
