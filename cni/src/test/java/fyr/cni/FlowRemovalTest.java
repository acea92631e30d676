package fyr.cni;

import static fyr.cni.World.code;
import static fyr.cni.World.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.cni.protocol.CniAnswer;
import fyr.kernel.KernelException;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When another pod gets an address, nothing is left of the previous pod's flows. */
class FlowRemovalTest {

    private static final IpAddress FOUR = IpAddress.parse("10.244.1.1");
    private static final IpAddress SIX = IpAddress.parse("fd00:10:244:1::1");
    private static final IpAddress OTHER = IpAddress.parse("10.244.1.2");

    @TempDir
    Path directory;

    private World world;

    @BeforeEach
    void start() {
        world = new World(directory);
        world.flows.flows.addAll(Set.of(FOUR, SIX, OTHER));
    }

    private static String address(CniAnswer answer) {
        assertThat(answer.status()).as(answer.text()).isZero();
        return json(answer).at("/ips/0/address").stringValue();
    }

    @Test
    void flowsOfAnAddressAreGoneBeforeAnythingLeadsToItsPod() {
        List<Set<IpAddress>> atPublication = new ArrayList<>();
        world.listener = (attachments, added) -> {
            atPublication.add(Set.copyOf(world.flows.flows));
            return CompletableFuture.completedFuture(attachments);
        };
        assertThat(address(world.add("web-1"))).isEqualTo("10.244.1.1/32");
        assertThat(atPublication).containsExactly(Set.of(OTHER));
    }

    @Test
    void flowsOfAPodGoWithIt() {
        world.add("web-1");
        world.flows.flows.addAll(Set.of(FOUR, SIX));
        assertThat(world.add("web-1").status()).as("asked for again").isZero();
        assertThat(world.flows.flows).as("it is the same pod").containsExactlyInAnyOrder(FOUR, SIX, OTHER);
        assertThat(world.call("DEL", "web-1").status()).isZero();
        assertThat(world.flows.flows).containsExactly(OTHER);
    }

    @Test
    void aPodThatIsGoneWithoutDelTakesItsFlowsAlong() {
        world.add("web-1");
        world.flows.flows.addAll(Set.of(FOUR, SIX));
        world.links.endNamespace(directory.resolve("netns/web-1"));
        world.start();
        assertThat(world.flows.flows).containsExactly(OTHER);
    }

    /** Reading a table of a million entries takes seconds, and an agent serves nobody before it has healed at its start. */
    @Test
    void podsThatAreGoneTogetherCostOneLook() {
        for (int i = 0; i < 10; i++) {
            world.add("web-" + i);
        }
        world.flows.flows.addAll(Set.of(FOUR, SIX, OTHER));
        for (int i = 0; i < 5; i++) {
            world.links.endNamespace(directory.resolve("netns/web-" + i));
        }
        int before = world.flows.looks.get();
        world.start();
        assertThat(world.stateFiles()).hasSize(5);
        assertThat(world.flows.looks).hasValue(before + 1);
        assertThat(world.flows.flows).isEmpty();
        String none = World.CONFIGURATION.replaceFirst("\\{", "{\"cni.dev/valid-attachments\": [], ");
        assertThat(world.call("GC", "", none).status()).isZero();
        assertThat(world.stateFiles()).isEmpty();
        assertThat(world.flows.looks).hasValue(before + 2);
    }

    @Test
    void noPodIsMadeWhoseAddressIsNotClean() {
        world.flows.refuses = true;
        CniAnswer answer = world.add("web-1");
        assertThat(code(answer)).isEqualTo(11);
        assertThat(answer.text()).contains("cannot be removed", "EBUSY");
        assertThat(world.links.links).isEmpty();
        assertThat(world.stateFiles()).isEmpty();
        world.flows.refuses = false;
        assertThat(world.add("web-1").status()).isZero();
        world.flows.refuses = true;
        assertThat(world.call("DEL", "web-1").status()).as("no pod is kept").isZero();
        assertThat(world.stateFiles()).isEmpty();
    }

    /** The table is read for many at once. */
    @Test
    void whoComesDuringALookSharesTheNext() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        world.flows.look = () -> {
            reading.countDown();
            try {
                assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        FlowRemoval removal = new FlowRemoval(world.flows);
        CompletableFuture<Void> first = removal.begin(List.of(FOUR));
        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
        List<CompletableFuture<Void>> others = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            others.add(removal.begin(List.of(i % 2 == 0 ? SIX : OTHER)));
        }
        assertThat(others).noneMatch(CompletableFuture::isDone);
        go.countDown();
        first.get(10, TimeUnit.SECONDS);
        CompletableFuture.allOf(others.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
        assertThat(world.flows.looks).hasValue(2);
        assertThat(world.flows.flows).isEmpty();
        world.flows.refuses = true;
        assertThatThrownBy(() -> removal.begin(List.of(FOUR)).get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(KernelException.class);
        world.flows.refuses = false;
        removal.begin(List.of(FOUR)).get(10, TimeUnit.SECONDS);
    }

    /** As when a fork bomb uses all threads: a caller at that time gets an error, a later one is served. */
    @Test
    void withoutAThreadNobodyWaitsForEver() throws Exception {
        AtomicBoolean exhausted = new AtomicBoolean(true);
        FlowRemoval removal = new FlowRemoval(world.flows, task -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return Thread.ofPlatform().daemon().unstarted(task);
        });
        assertThatThrownBy(() -> removal.begin(List.of(FOUR)).get(10, TimeUnit.SECONDS))
                .hasMessageContaining("native thread");
        exhausted.set(false);
        removal.begin(List.of(SIX)).get(10, TimeUnit.SECONDS);
        assertThat(world.flows.flows).containsExactlyInAnyOrder(FOUR, OTHER);
    }

    @Test
    void addressesGoRoundOverRestarts() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 14; i++) {
            assertThat(seen.add(address(world.add("a-" + i))))
                    .as("the " + i + "th")
                    .isTrue();
            assertThat(world.call("DEL", "a-" + i).status()).isZero();
            world.start();
        }
        assertThat(address(world.add("b"))).isEqualTo("10.244.1.1/32");
    }

    @Test
    void aPositionThatCannotBeReadIsNoReasonToServeNobody() throws IOException {
        world.add("web-1");
        Files.delete(directory.resolve("last-addresses"));
        Files.createDirectory(directory.resolve("last-addresses"));
        world.start();
        assertThat(world.heard.size()).isEqualTo(1);
    }

    @Test
    void aDamagedPositionIsNoReasonToServeNobody() throws IOException {
        world.add("web-1");
        world.add("web-2");
        Path position = directory.resolve("last-addresses");
        assertThat(Files.readString(position)).isEqualTo("10.244.1.2\nfd00:10:244:1::2\n");
        for (String damaged :
                List.of("", "\n\n", "10.244.1.2", "nonsense\n", "10.244.1.2\0\n", "\uffff".repeat(99_999))) {
            Files.writeString(position, damaged);
            world.start();
            assertThat(address(world.add("web-3"))).isEqualTo("10.244.1.3/32");
            assertThat(world.call("DEL", "web-3").status()).isZero();
        }
    }
}
