package fyr.dns.server;

import fyr.dns.forward.Forwarder;
import fyr.model.name.DnsView;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** The server alone in a process, so that its processor time is its own: serves the shop at a port of 127.0.0.1 until its input ends. */
final class BenchmarkServer {

    private BenchmarkServer() {}

    public static void main(String[] arguments) throws Exception {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
        Optional<DnsView> view = Optional.of(Shop.view());
        try (DnsServer server = DnsServer.start(
                List.of(address), Shop.ZONE, () -> view, Forwarder.none(), DnsCounters.none())) {
            System.out.println("serving " + server.addresses());
            System.in.readAllBytes();
        }
    }
}
