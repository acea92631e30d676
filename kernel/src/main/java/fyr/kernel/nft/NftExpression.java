package fyr.kernel.nft;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * One step of a rule, with one record for each kind of nf_tables expression that Fyr uses. Expressions load into and read from registers.
 *
 * <p>{@code register} is the number of a 32-bit register, 0 to 15 (NFT_REG32_00 and following); a value of more than four bytes takes that
 * register and the next ones, so a concatenated key is built by loading its parts into adjacent registers.
 */
public sealed interface NftExpression {

    /** Loads bytes of the packet. */
    record Payload(Base base, int offset, int length, int register) implements NftExpression {}

    /** Where a payload's offset counts from. */
    enum Base {
        NETWORK,
        TRANSPORT
    }

    /**
     * Loads metadata of the packet: one byte for L4PROTO and NFPROTO, four for interface indexes, 16 for names, 4 (host order) for marks.
     */
    record Meta(MetaKey key, int register) implements NftExpression {}

    /** What {@link Meta} can load. */
    enum MetaKey {
        L4PROTO,
        NFPROTO,
        /**
         * The index of the link that the packet came by, in host order. 0 for a packet of the node itself, since Linux 5.3 ("Make nft_meta
         * expression more robust"; before, the rule ended). At postrouting, a packet of another has one since Linux 5.5 ("Support iif
         * matches in POSTROUTING").
         */
        IIF,
        /** The name of that link; for a packet of the node itself sixteen zero bytes, which nft prints and does not read. */
        IIFNAME,
        OIFNAME,
        MARK
    }

    /** Loads a property of the packet's connection. State and status are bit sets in host order. */
    record Ct(CtKey key, int register) implements NftExpression {}

    /** What {@link Ct} can load; the ORIGINAL ones are from the direction of the first packet, before translation. */
    enum CtKey {
        STATE,
        STATUS,
        MARK,
        ORIGINAL_SOURCE,
        ORIGINAL_DESTINATION,
        ORIGINAL_DESTINATION_PORT
    }

    /** Ends the rule unless the comparison holds. */
    record Compare(int register, Operator operator, Bytes value) implements NftExpression {}

    /** How {@link Compare} compares, as unsigned bytes. */
    enum Operator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }

    /** {@code destination = source & mask ^ xor}. */
    record Bitwise(int source, int destination, Bytes mask, Bytes xor) implements NftExpression {}

    /** Ends the rule unless the key is in the set or, when {@code inverted}, if it is. The length of the key is the set's. */
    record Member(String set, int register, boolean inverted) implements NftExpression {}

    /** Loads the value of the key from a map; ends the rule if there is none. */
    record MapLookup(String map, int register, int destination) implements NftExpression {}

    /** Takes the verdict of the key from a verdict map; continues with the next expression if there is none. */
    record VerdictLookup(String map, int register) implements NftExpression {}

    /** Loads a random number from 0 to {@code modulus - 1}, in host order. */
    record Random(int modulus, int register) implements NftExpression {}

    /** Loads a constant. */
    record Immediate(int register, Bytes value) implements NftExpression {}

    /** Gives a verdict. */
    record Verdict(NftVerdict verdict) implements NftExpression {}

    /** Rewrites the destination to the address and, if given, the port in registers. For chains of type nat. */
    record DestinationNat(int addressRegister, OptionalInt portRegister) implements NftExpression {}

    /** Rewrites the source to an address of the link that the packet leaves by; {@code randomPorts} spreads ports fully (NF_NAT_RANGE_PROTO_RANDOM_FULLY). */
    record Masquerade(boolean randomPorts) implements NftExpression {}

    /** Drops the packet and sends an answer. */
    record Reject(Answer answer) implements NftExpression {}

    /** How {@link Reject} answers. */
    enum Answer {
        PORT_UNREACHABLE,
        ADMIN_PROHIBITED,
        TCP_RESET
    }

    /** Loads the type (RTN_UNICAST 1, RTN_LOCAL 2, ...; four bytes, host order) of the route to the packet's destination. */
    record FibDestinationType(int register) implements NftExpression {}

    /**
     * Ends the rule unless the key in the register has exceeded the rate: so many packets a second, of which so many may arrive at once.
     * The {@link NftObject.Meter} of that name remembers each key, and counts how often the rule continued. It never continues for a key
     * that finds no room there.
     */
    record OverRate(String meter, int register, int perSecond, int burst) implements NftExpression {}

    /**
     * Counts the packet's connection for the key in the register, and ends the rule unless there are more than so many connections of that key
     * now. For first packets of tracked connections. The {@link NftObject.Meter} of that name, which has no time limit, remembers each key
     * for as long as it has connections, and counts how often the rule continued. It never continues for a key that finds no room there.
     */
    record OverCount(String meter, int register, int most) implements NftExpression {}

    /**
     * Adds an element to the {@link NftObject.Memory} of that name: its key and value are in registers, and it expires after so many seconds.
     * If the key is there already, only its time begins anew; <em>the value stays as it was</em> (nft_dynset_eval). {@link Forget} it
     * first if the value must change. Ends the rule if the key is new and finds no room.
     *
     * @param register the first one of the key
     * @param data the first register of the value
     */
    record Remember(String map, int register, int data, int seconds) implements NftExpression {}

    /**
     * Removes the element with the key in a register from the {@link NftObject.Memory} of that name. Continues whether there is one or not.
     *
     * @param data the first of as many loaded registers as a value of the map takes; the kernel wants them and does not use what they hold
     */
    record Forget(String map, int register, int data) implements NftExpression {}

    /** Counts packets and bytes. The counts are no part of the rule's identity. */
    record Counter() implements NftExpression {}

    /** Sets what {@link Ct} loads; only marks can be set. */
    record SetCtMark(int register) implements NftExpression {}

    /** Keeps connection tracking from the packet; has an effect only before tracking, in chains of priority -300 at prerouting and output. */
    record NoTrack() implements NftExpression {}

    /** Writes a line to the kernel's log with this prefix, or to a netlink group. */
    record Log(Optional<String> prefix, OptionalInt group) implements NftExpression {}
}
