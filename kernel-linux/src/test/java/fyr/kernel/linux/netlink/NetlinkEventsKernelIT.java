package fyr.kernel.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Errno;
import fyr.kernel.linux.libc.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class NetlinkEventsKernelIT {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTNLGRP_LINK = 1;

    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private NetlinkSocket socket;

    @BeforeEach
    void open() {
        socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE);
    }

    @AfterEach
    void close() {
        socket.close();
    }

    private NetlinkEvents subscribe(Transport.Room room, Consumer<Message> listener) {
        NetlinkEvents events =
                NetlinkEvents.join(Netlink.NETLINK_ROUTE, room, List.of(RTNLGRP_LINK), OptionalInt.empty());
        events.start("test-events", listener, () -> heard.add("overrun"));
        return events;
    }

    private void add(String name) {
        socket.request(Request.of(
                "RTM_NEWLINK " + name,
                MessageWriter.of(RTM_NEWLINK, Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL)
                        .put(new byte[16])
                        .string(3, name)
                        .nested(18, info -> info.string(1, "bridge"))));
    }

    private void delete(String name) {
        MessageWriter message =
                MessageWriter.of(RTM_DELLINK, 0).put(new byte[16]).string(3, name);
        socket.request(new Request("RTM_DELLINK " + name, message, Set.of(Errno.ENODEV)));
    }

    private void hear(Message message) {
        heard.add(message.type() + " " + message.attributes(16).string(3).orElse("?"));
    }

    private void await(String wanted) throws InterruptedException {
        String last = "";
        while (!last.equals(wanted)) {
            last = heard.poll(5, TimeUnit.SECONDS);
            assertThat(last).as("before %s", wanted).isNotNull();
        }
    }

    @Test
    void hearsWhatHappens() throws Exception {
        try (NetlinkEvents events = subscribe(NetlinkEvents.ROOM, this::hear)) {
            assertThat(events).isNotNull();
            add("nlbr3");
            assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("16 nlbr3");
            delete("nlbr3");
            await("17 nlbr3");
        }
    }

    /** Whoever reads everything again after an overrun must be told again if more was dropped since. */
    @Test
    void anOverrunIsToldBehindTheBacklog() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        Transport.Room little = new Transport.Room(8192, NetlinkEvents.ROOM.datagram());
        try (NetlinkEvents events = subscribe(little, message -> {
            await(slow);
            hear(message);
        })) {
            assertThat(events).isNotNull();
            for (int i = 0; i < 50; i++) {
                add("nlflood" + i);
            }
            slow.countDown();
            await("overrun");
            assertThat(heard.poll(300, TimeUnit.MILLISECONDS)).isNull();
            add("nlafter");
            await("16 nlafter");
        }
        for (int i = 0; i < 50; i++) {
            delete("nlflood" + i);
        }
        delete("nlafter");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The kernel also reports errors other than ENOBUFS (rtnl_set_sk_err). A test can cause one with a datagram that does not fit. */
    @Test
    void anErrorOfReceivingIsALossAndNoEnd() throws Exception {
        List<String> names = new ArrayList<>(List.of("nlbr4", "nlbr5"));
        try (NetlinkEvents events = subscribe(new Transport.Room(1 << 20, 64), this::hear)) {
            assertThat(events).isNotNull();
            for (String name : names) {
                heard.clear();
                add(name);
                await("overrun");
            }
        } finally {
            names.forEach(this::delete);
        }
    }

    @Test
    void aListenerThatFailsIsALossAndNoEnd() throws Exception {
        try (NetlinkEvents events = subscribe(NetlinkEvents.ROOM, message -> {
            hear(message);
            throw new AssertionError("of the listener");
        })) {
            assertThat(events).isNotNull();
            add("nlbr6");
            await("16 nlbr6");
            await("overrun");
            delete("nlbr6");
            await("17 nlbr6");
            await("overrun");
        }
    }

    @Test
    void isClosedByItsOwnListener() throws Exception {
        LinkedBlockingQueue<Thread> own = new LinkedBlockingQueue<>();
        NetlinkEvents[] events = new NetlinkEvents[1];
        events[0] = subscribe(NetlinkEvents.ROOM, _ -> {
            events[0].close();
            own.add(Thread.currentThread());
        });
        add("nlbr7");
        own.take().join(5000);
        delete("nlbr7");
        assertThat(heard).isEmpty();
        events[0].close();
    }

    @Test
    void isClosedBeforeItBegins() {
        NetlinkEvents.join(Netlink.NETLINK_ROUTE, NetlinkEvents.ROOM, List.of(RTNLGRP_LINK), OptionalInt.empty())
                .close();
    }
}
