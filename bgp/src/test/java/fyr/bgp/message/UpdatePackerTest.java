package fyr.bgp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.Community;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PathPrefix;
import fyr.bgp.path.PathPrefixes;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UpdatePackerTest {

    private static PathPrefixes many(RandomMessages messages, AddressFamily family, int count) {
        List<PathPrefix> all = new ArrayList<>();
        while (all.size() < count) {
            all.addAll(messages.prefixes(family));
        }
        return PathPrefixes.of(family, all);
    }

    @Test
    void everyPrefixIsWrittenOnceInOrderAndMessagesAreFull() {
        for (WireOptions options : RandomMessages.allOptions()) {
            for (long seed = 0; seed < 12; seed++) {
                Random random = new Random(seed);
                RandomMessages messages = new RandomMessages(random, options, PeerKind.INTERNAL);
                boolean sixth = random.nextBoolean();
                boolean extended = options.extendedNextHop() && random.nextBoolean();
                AddressFamily family = sixth ? AddressFamily.IPV6 : AddressFamily.IPV4;
                NextHop nextHop = sixth || extended
                        ? new NextHop.V6(Ipv6Address.parse("2001:db8::1"))
                        : NextHop.of(Ipv4Address.parse("192.0.2.1"));
                PathAttributes attributes =
                        messages.attributes().change().nextHop(nextHop).build();
                PathPrefixes prefixes = many(messages, family, random.nextInt(5000));
                UpdatePacker packer = new UpdatePacker(options);
                MessageReader reader = new MessageReader(options, PeerKind.INTERNAL);
                List<PathPrefix> announced = new ArrayList<>();
                List<PathPrefix> withdrawn = new ArrayList<>();
                for (int at = 0; at < prefixes.size(); ) {
                    ByteBuffer into = ByteBuffer.allocate(65535);
                    at = packer.announce(attributes, prefixes, at, into);
                    assertFull(options, into.position(), at < prefixes.size());
                    Reading reading = reader.read(into.array(), 0);
                    assertThat(reading.faults()).isEmpty();
                    Update update = (Update) reading.message();
                    assertThat(update.announced().getFirst().attributes()).isEqualTo(attributes);
                    announced.addAll(update.announced().getFirst().prefixes());
                }
                for (int at = 0; at < prefixes.size(); ) {
                    ByteBuffer into = ByteBuffer.allocate(65535);
                    at = packer.withdraw(prefixes, at, into);
                    assertFull(options, into.position(), at < prefixes.size());
                    Update update = (Update) reader.read(into.array(), 0).message();
                    withdrawn.addAll(update.withdrawn().getFirst());
                }
                assertThat(announced).isEqualTo(prefixes);
                assertThat(withdrawn).isEqualTo(prefixes);
            }
        }
    }

    private static void assertFull(WireOptions options, int length, boolean more) {
        assertThat(length).isLessThanOrEqualTo(options.longest());
        if (more) {
            assertThat(length).isGreaterThan(options.longest() - PrefixWriter.LARGEST);
        }
    }

    /** A buffer with less room gets a shorter message. */
    @Test
    void theRoomOfTheBufferIsRespected() {
        WireOptions options = RandomMessages.allOptions().getFirst();
        RandomMessages messages = new RandomMessages(new Random(1), options, PeerKind.EXTERNAL);
        PathPrefixes prefixes = many(messages, AddressFamily.IPV6, 100);
        ByteBuffer into = ByteBuffer.allocate(200);
        int next = new UpdatePacker(options).withdraw(prefixes, 0, into);
        assertThat(next).isBetween(1, 90);
        assertThat(into.position()).isBetween(180, 200);
    }

    @Test
    void attributesThatLeaveNoRoomAreNotWritten() {
        WireOptions options = RandomMessages.allOptions().getFirst();
        RandomMessages messages = new RandomMessages(new Random(1), options, PeerKind.EXTERNAL);
        PathAttributes attributes = messages.attributes()
                .change()
                .nextHop(NextHop.of(Ipv4Address.parse("192.0.2.1")))
                .communities(IntStream.range(0, 1100).mapToObj(Community::new).toList())
                .build();
        PathPrefixes prefixes = many(messages, AddressFamily.IPV4, 3);
        ByteBuffer into = ByteBuffer.allocate(65535);
        UpdatePacker packer = new UpdatePacker(options);
        assertThat(packer.announce(attributes, prefixes, 1, into)).isEqualTo(1);
        assertThat(into.position()).isZero();
        assertThatThrownBy(() -> packer.announce(attributes, many(messages, AddressFamily.IPV6, 1), 0, into))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        packer.announce(attributes.change().withoutNextHop().build(), prefixes, 0, into))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
