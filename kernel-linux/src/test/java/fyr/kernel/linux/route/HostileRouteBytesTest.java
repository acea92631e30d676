package fyr.kernel.linux.route;

import static fyr.kernel.linux.route.Overlays.by;
import static fyr.kernel.linux.route.Overlays.ip;

import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import fyr.kernel.linux.netlink.MalformedMessage;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Arbitrary bytes in rtnetlink messages result in a value or a {@link MalformedMessage}, and nothing else. */
final class HostileRouteBytesTest {

    private static final int ROUNDS = 60_000;
    private static final MacAddress MAC = MacAddress.local(7);

    /** Messages that this program writes serve as messages of the kernel: they have the same attributes in the same structures. */
    private static List<byte[]> messages() {
        List<byte[]> messages = new ArrayList<>();
        for (String address : List.of("10.244.1.1", "fd00:10:244:1::1")) {
            messages.add(
                    AddressTable.addition(new AddressKey("fyr-vxlan", ip(address)), new InterfaceAddress(32, false), 3)
                            .message()
                            .toBytes());
            messages.add(NeighbourTable.addition(new NeighbourKey("fyr-vxlan", ip(address)), MAC, 3)
                    .message()
                    .toBytes());
            messages.add(FdbTable.addition(new FdbKey("fyr-vxlan", MAC), new FdbEntry(ip(address)), 3)
                    .message()
                    .toBytes());
            messages.add(LinkTable.creation("fyr-vxlan", new Link.Vxlan(7, 4789, ip(address), MAC, 1450))
                    .toBytes());
            Prefix destination = Prefix.containing(ip(address), 24);
            messages.add(RouteMessage.unicast(
                            Rtnetlink.RTM_NEWROUTE, 0, destination, 171, (Route.Unicast) by("fyr-vxlan", address), 3)
                    .toBytes());
            messages.add(RouteMessage.unicast(
                            Rtnetlink.RTM_NEWROUTE, 0, destination, 171, (Route.Unicast) by("fyr-vxlan", "fe80::1"), 3)
                    .toBytes());
            messages.add(RouteMessage.unreachable(Rtnetlink.RTM_NEWROUTE, 0, destination, 171)
                    .toBytes());
            messages.add(RouteMessage.unreachable(Rtnetlink.RTM_NEWROUTE, 0, destination, 171)
                    .nested(Rtnetlink.RTA_MULTIPATH, hops -> hop(hop(hops, address), address))
                    .toBytes());
        }
        return messages;
    }

    /** A struct rtnexthop followed by a gateway. */
    private static MessageWriter hop(MessageWriter hops, String gateway) {
        byte[] bytes = ip(gateway).toBytes();
        return hops.put16(8 + 4 + bytes.length).put16(0).put32(3).bytes(Rtnetlink.RTA_GATEWAY, bytes);
    }

    private static void survives(Consumer<Message> reader) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> messages = messages();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = messages.get(random.nextInt(messages.size())).clone();
            int changes = random.nextInt(6);
            for (int i = 0; i < changes; i++) {
                int value = random.nextBoolean() ? random.nextInt(40) : random.nextInt();
                bytes[random.nextInt(Netlink.NLMSG_HDRLEN, bytes.length)] = (byte) value;
            }
            try {
                Message.parse(bytes).forEach(reader);
            } catch (MalformedMessage expected) {
                continue;
            } catch (RuntimeException unexpected) {
                throw new AssertionError("seed " + seed + ", round " + round, unexpected);
            }
        }
    }

    @Test
    void addresses() {
        survives(KernelAddress::of);
    }

    @Test
    void links() {
        survives(message -> LinkTable.read(KernelLink.of(message)));
    }

    @Test
    void routes() {
        survives(message -> RouteMessage.of(message, Map.of(3, "fyr-vxlan")).own());
    }

    @Test
    void neighbours() {
        survives(NeighbourTable::read);
    }

    @Test
    void forwardingEntries() {
        survives(message -> FdbTable.read("fyr-vxlan", message));
    }

    /** Events of every kind with arbitrary content. */
    @Test
    void events() {
        SplittableRandom random = new SplittableRandom();
        int[] types = {
            Rtnetlink.RTM_NEWLINK, Rtnetlink.RTM_DELLINK, Rtnetlink.RTM_NEWADDR, Rtnetlink.RTM_DELADDR,
            Rtnetlink.RTM_NEWROUTE, Rtnetlink.RTM_DELROUTE, Rtnetlink.RTM_NEWNEIGH, Rtnetlink.RTM_DELNEIGH,
            Rtnetlink.RTM_NEWNETCONF, 0, 255
        };
        survives(message -> KernelEvents.read(new Message(
                types[random.nextInt(types.length)],
                message.flags(),
                message.sequence(),
                message.sender(),
                message.payload())));
    }
}
