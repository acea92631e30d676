package fyr.kernel.linux.packet;

import fyr.kernel.linux.libc.Descriptor;
import fyr.kernel.linux.libc.Files;
import fyr.kernel.linux.libc.Sockets;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.address.MacAddress;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that tests of whole labs run on the router: it asks for addresses again and again, and prints every answer that arrives: the
 * time in milliseconds, the address, and who says to have it. Arguments: a link, the seconds that it runs, the milliseconds between two
 * questions for an address, then pairs {@code OWN=WANTED} of addresses.
 */
final class NeighbourProbe {

    private final PacketSocket arp;
    private final PacketSocket neighbours;

    private NeighbourProbe(PacketSocket arp, PacketSocket neighbours) {
        this.arp = arp;
        this.neighbours = neighbours;
    }

    public static void main(String[] arguments) throws InterruptedException {
        try (PacketSocket arp = PacketSocket.open(arguments[0], PacketSocket.ETH_P_ARP, PacketFilter.arpReplies());
                PacketSocket neighbours =
                        PacketSocket.open(arguments[0], PacketSocket.ETH_P_IPV6, PacketFilter.advertisements());
                Descriptor stop = Files.eventfd()) {
            NeighbourProbe probe = new NeighbourProbe(arp, neighbours);
            Thread listening = Thread.ofPlatform().daemon().start(() -> probe.listen(stop));
            System.out.println("asking");
            long end = System.nanoTime() + Long.parseLong(arguments[1]) * 1_000_000_000;
            long interval = Long.parseLong(arguments[2]) * 1_000_000;
            for (long next = System.nanoTime(); next < end; next += interval) {
                for (String pair : List.of(arguments).subList(3, arguments.length)) {
                    String[] both = pair.split("=", -1);
                    probe.ask(arp.mac(), IpAddress.parse(both[0]), IpAddress.parse(both[1]));
                }
                LockSupport.parkNanos(next + interval - System.nanoTime());
            }
            Files.signal(stop);
            listening.join();
        }
    }

    private void ask(MacAddress mac, IpAddress own, IpAddress wanted) {
        if (own instanceof Ipv4Address sender && wanted instanceof Ipv4Address target) {
            arp.send(ArpFrame.request(mac, sender, target).bytes());
        } else if (own instanceof Ipv6Address sender && wanted instanceof Ipv6Address target) {
            neighbours.send(NeighbourFrame.solicitation(mac, sender, target).bytes());
        }
    }

    private void listen(Descriptor stop) {
        while (Sockets.awaitReadable(List.of(stop, arp.descriptor(), neighbours.descriptor())) != 0) {
            long now = System.currentTimeMillis();
            arp.receive()
                    .flatMap(ArpFrame::read)
                    .ifPresent(answer -> System.out.println(now + " " + answer.sender() + " " + answer.senderMac()));
            neighbours
                    .receive()
                    .flatMap(NeighbourFrame::read)
                    .ifPresent(answer -> System.out.println(now + " " + answer.target() + " " + answer.mac()));
        }
    }
}
