package fyr.kernel.linux.nft;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.MalformedMessage;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Arbitrary bytes result in a value, an {@link UnknownObject} or a {@link MalformedMessage}, and nothing else. */
final class HostileNftBytesTest {

    private static final int ROUNDS = 40_000;

    private static List<byte[]> messages(SplittableRandom random) {
        List<byte[]> messages = new ArrayList<>();
        for (Family family : Family.values()) {
            NftKey.ChainKey chain = new NftKey.ChainKey(family, "c");
            for (int i = 0; i < 20; i++) {
                messages.add(Messages.newRule(chain, RandomRules.filter(random, family))
                        .message());
            }
            RandomRules.rejects()
                    .forEach(rule -> messages.add(Messages.newRule(chain, rule).message()));
            ServiceRuleset ruleset = new ServiceRuleset(family, List.of(1, 2));
            new Changes(ruleset.creation(), java.util.Set.of(), java.util.Set.of())
                    .steps(new Known())
                    .forEach(step -> messages.add(step.message()));
            NftKey.SetKey memory = new NftKey.SetKey(family, "memory");
            NftObject.Memory type = new NftObject.Memory(List.of(NftField.IPV6_ADDR), List.of(NftField.MARK), 9);
            messages.add(Messages.newMemory(memory, type, 1).message());
            NftObject.Set ranges =
                    new NftObject.Set(List.of(NftField.IPV6_ADDR, NftField.INET_SERVICE), List.of(), false, true);
            messages.add(Messages.newSet(memory, ranges, 1).message());
        }
        return messages;
    }

    private static void survives(Consumer<Message> reader) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> messages = messages(random);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = messages.get(random.nextInt(messages.size())).clone();
            int changes = random.nextInt(6);
            for (int i = 0; i < changes; i++) {
                bytes[random.nextInt(16, bytes.length)] = (byte) random.nextInt();
            }
            try {
                Message.parse(bytes).forEach(reader);
            } catch (MalformedMessage | UnknownObject expected) {
                continue;
            } catch (RuntimeException unexpected) {
                throw new AssertionError("seed " + seed + ", round " + round, unexpected);
            }
        }
    }

    @Test
    void rules() {
        survives(message -> Listing.rule(message.attributes(NfTables.NFGENMSG), Family.IPV6));
    }

    @Test
    void sets() {
        survives(message -> SetReader.read(message.attributes(NfTables.NFGENMSG)));
    }

    @Test
    void elements() {
        NftKey.SetKey key = new NftKey.SetKey(Family.IPV4, "s");
        for (NftObject.Set set : List.of(
                new NftObject.Set(List.of(NftField.IPV4_ADDR), List.of(), true, true),
                new NftObject.Set(List.of(NftField.IPV4_ADDR), List.of(), true, false),
                new NftObject.Set(
                        List.of(NftField.IPV6_ADDR, NftField.INET_PROTO, NftField.INET_SERVICE),
                        List.of(),
                        true,
                        true))) {
            survives(message -> {
                ElementReader reader = new ElementReader(key, set);
                message.attributes(NfTables.NFGENMSG).nested(3).forEach(element -> reader.add(element.nested()));
                reader.elements();
            });
        }
    }

    @Test
    void events() {
        survives(message -> NftEvents.read(new Message(
                        message.type(), message.flags(), message.sequence(), message.sender(), message.payload()))
                .ifPresent(event -> assertThat(event.toString()).isNotEmpty()));
    }

    @Test
    void randomAttributes() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            try {
                Attributes attributes = Attributes.of(ByteBuffer.wrap(bytes));
                assertThat(Optional.of(Listing.orForeign(() -> SetReader.read(attributes))))
                        .isPresent();
                ExpressionReader.read(attributes, Family.IPV4);
            } catch (MalformedMessage | UnknownObject expected) {
                continue;
            } catch (RuntimeException unexpected) {
                throw new AssertionError("seed " + seed + ", round " + round, unexpected);
            }
        }
    }

    @Test
    void comments() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            assertThat(UserData.comment(bytes)).isNotNull();
        }
        assertThat(UserData.comment(UserData.comment("päckets"))).isEqualTo("päckets");
    }
}
