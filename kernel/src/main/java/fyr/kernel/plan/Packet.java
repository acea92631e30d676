package fyr.kernel.plan;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;

/**
 * A packet and what the kernel knows about it, as {@link Tracer} needs it.
 *
 * @param protocol number in the IP header
 * @param sourcePort the first two bytes behind the IP header
 * @param destinationPort the next two bytes
 * @param inputInterface empty for a packet of the node itself
 * @param outputInterface empty for a packet to the node itself
 * @param mark the packet's own
 * @param destinationType of the route to the destination, RTN_UNICAST 1, RTN_LOCAL 2, ...
 */
public record Packet(
        IpAddress source,
        IpAddress destination,
        int protocol,
        int sourcePort,
        int destinationPort,
        String inputInterface,
        String outputInterface,
        int mark,
        int destinationType,
        Connection connection) {

    /**
     * The connection that the packet belongs to.
     *
     * @param state one bit of {@link #NEW} and its like
     * @param status IPS_ bits
     * @param originalSource of the connection's first packet, before translation
     * @param originalDestination of the connection's first packet, before translation
     */
    public record Connection(
            int state,
            int status,
            int mark,
            IpAddress originalSource,
            IpAddress originalDestination,
            int originalDestinationPort) {}

    /** A packet of a connection that has seen both directions; as nf_tables loads it (NF_CT_STATE_BIT of nf_conntrack_common.h). */
    public static final int ESTABLISHED = 2;

    /** Begins a connection. */
    public static final int NEW = 8;

    /** A packet that connection tracking leaves out (NF_CT_STATE_UNTRACKED_BIT). */
    public static final int UNTRACKED = 1 << 6;

    /** IPS_DST_NAT: the destination was translated. */
    public static final int DESTINATION_TRANSLATED = 1 << 5;

    /** The first packet of a connection. */
    public static Packet first(
            IpAddress source, IpAddress destination, int protocol, int sourcePort, int destinationPort) {
        return new Packet(
                source,
                destination,
                protocol,
                sourcePort,
                destinationPort,
                "",
                "",
                0,
                1,
                new Connection(NEW, 0, 0, source, destination, destinationPort));
    }

    /** The family of its addresses. */
    public Family family() {
        return source.family();
    }

    /** The same between these interfaces. */
    public Packet through(String input, String output) {
        return new Packet(
                source,
                destination,
                protocol,
                sourcePort,
                destinationPort,
                input,
                output,
                mark,
                destinationType,
                connection);
    }

    /** The same with the destination's route of this type. */
    public Packet towards(int type) {
        return new Packet(
                source,
                destination,
                protocol,
                sourcePort,
                destinationPort,
                inputInterface,
                outputInterface,
                mark,
                type,
                connection);
    }

    /** The same as part of this connection. */
    public Packet of(Connection other) {
        return new Packet(
                source,
                destination,
                protocol,
                sourcePort,
                destinationPort,
                inputInterface,
                outputInterface,
                mark,
                destinationType,
                other);
    }

    /** Whether the packet belongs to a connection. */
    public boolean tracked() {
        return connection.state != UNTRACKED;
    }

    /** The same in this state of its connection. */
    public Packet in(int state) {
        return of(new Connection(
                state,
                connection.status,
                connection.mark,
                connection.originalSource,
                connection.originalDestination,
                connection.originalDestinationPort));
    }

    Packet translated(IpAddress address, int port) {
        Connection after = new Connection(
                connection.state,
                connection.status | DESTINATION_TRANSLATED,
                connection.mark,
                connection.originalSource,
                connection.originalDestination,
                connection.originalDestinationPort);
        return new Packet(
                source,
                address,
                protocol,
                sourcePort,
                port,
                inputInterface,
                outputInterface,
                mark,
                destinationType,
                after);
    }

    Packet connectionMarked(int value) {
        return of(new Connection(
                connection.state,
                connection.status,
                value,
                connection.originalSource,
                connection.originalDestination,
                connection.originalDestinationPort));
    }
}
