package fyr.kernel.linux.packet;

import fyr.kernel.linux.libc.Descriptor;
import fyr.kernel.linux.libc.Files;
import fyr.kernel.linux.libc.Sockets;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.address.MacAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Answers on one link for addresses that the kernel does not have. A process that is stopped answers nothing, while a kernel would go on
 * answering for the addresses of a process that is stopped. Safe on any thread.
 */
public final class NeighbourResponder implements AutoCloseable {

    /** How many frames are looked at before {@link #close} is heard. */
    private static final int AT_ONCE = 64;

    private final PacketSocket arp;
    private final PacketSocket neighbours;
    private final SolicitedGroups groups;
    private final Descriptor stop;
    private final Predicate<IpAddress> answers;
    private final Thread reader;
    private boolean closed;

    private NeighbourResponder(
            PacketSocket arp, PacketSocket neighbours, Descriptor stop, Predicate<IpAddress> answers) {
        this.arp = arp;
        this.neighbours = neighbours;
        this.groups = new SolicitedGroups(arp.index());
        this.stop = stop;
        this.answers = answers;
        this.reader = Thread.ofPlatform().daemon().name("neighbours").unstarted(this::serve);
    }

    /**
     * Starts to answer on a link of the calling thread's network namespace; nothing before {@link #follow}.
     *
     * @param answers whether to answer for an address, asked for each question; called on one thread
     * @throws fyr.kernel.KernelException ENODEV if there is no such link of Ethernet; then nothing is left open
     */
    public static NeighbourResponder start(String link, Predicate<IpAddress> answers) {
        PacketSocket arp = PacketSocket.open(link, PacketSocket.ETH_P_ARP, PacketFilter.arpRequests(-1, 0));
        try {
            PacketSocket neighbours = PacketSocket.open(link, PacketSocket.ETH_P_IPV6, PacketFilter.solicitations());
            NeighbourResponder responder = new NeighbourResponder(arp, neighbours, Files.eventfd(), answers);
            responder.reader.start();
            return responder;
        } catch (RuntimeException refused) {
            arp.close();
            throw refused;
        }
    }

    /** The link's own address, which is given in all answers. */
    public MacAddress mac() {
        return arp.mac();
    }

    /** Whether the link still has the number and the address that answers name. */
    public synchronized boolean isCurrent() {
        return !closed && arp.isCurrent();
    }

    /** Listens for questions about these addresses, and as few others as possible. */
    public synchronized void follow(Collection<IpAddress> addresses) {
        if (closed) {
            return;
        }
        int lowest = -1;
        int highest = 0;
        Set<Ipv6Address> six = new HashSet<>();
        for (IpAddress address : addresses) {
            switch (address) {
                case Ipv4Address(int bits) -> {
                    lowest = Integer.compareUnsigned(bits, lowest) < 0 ? bits : lowest;
                    highest = Integer.compareUnsigned(bits, highest) > 0 ? bits : highest;
                }
                case Ipv6Address one -> six.add(one);
            }
        }
        arp.filter(PacketFilter.arpRequests(lowest, highest));
        groups.follow(six);
    }

    /** Tells everyone on the link that an address is here now. */
    public synchronized void announce(IpAddress address) {
        if (closed) {
            return;
        }
        switch (address) {
            case Ipv4Address four -> {
                arp.send(
                        ArpFrame.announcement(arp.mac(), four, ArpFrame.REQUEST).bytes());
                arp.send(ArpFrame.announcement(arp.mac(), four, ArpFrame.REPLY).bytes());
            }
            case Ipv6Address six ->
                neighbours.send(NeighbourFrame.announcement(arp.mac(), six).bytes());
        }
    }

    private void serve() {
        List<Descriptor> all = List.of(stop, arp.descriptor(), neighbours.descriptor());
        while (Sockets.awaitReadable(all) != 0) {
            for (int i = 0; i < AT_ONCE; i++) {
                boolean none = arp.receive().map(this::answerArp).isEmpty();
                none &= neighbours.receive().map(this::answerSolicitation).isEmpty();
                if (none) {
                    break;
                }
            }
        }
    }

    private boolean answerArp(byte[] frame) {
        return ArpFrame.read(frame)
                .filter(question -> question.operation() == ArpFrame.REQUEST
                        && !question.sender().equals(question.target()) // an announcement asks nothing
                        && answers.test(question.target()))
                .map(question -> arp.send(question.answer(arp.mac()).bytes()))
                .orElse(false);
    }

    private boolean answerSolicitation(byte[] frame) {
        return NeighbourFrame.read(frame)
                .filter(question -> question.type() == NeighbourFrame.SOLICITATION && answers.test(question.target()))
                .map(question -> neighbours.send(question.answer(arp.mac()).bytes()))
                .orElse(false);
    }

    /** Stops answering. Closing again does nothing. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        Files.signal(stop);
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true; // the reader owns the sockets until it has ended
            }
        }
        groups.close();
        arp.close();
        neighbours.close();
        stop.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
