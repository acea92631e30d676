package fyr.cni;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cni.protocol.CniAnswer;
import fyr.cni.state.DiskFiles;
import fyr.cni.state.StateFiles;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process dies before or after every step on disk and in the kernel, and in the middle of every write; then another one continues. */
class CrashTest {

    @TempDir
    Path directory;

    /** Like kill -9: no catch block for exceptions runs. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Counts steps, and dies at one of them. */
    private static final class Fuse {
        private int left;

        Fuse(int steps) {
            left = steps;
        }

        void step() {
            if (--left < 0) {
                throw new Killed();
            }
        }
    }

    private record DyingFiles(Fuse fuse, StateFiles disk, SplittableRandom random) implements StateFiles {
        @Override
        public List<String> list(Path folder) throws IOException {
            return disk.list(folder);
        }

        @Override
        public boolean isRegular(Path file) throws IOException {
            return disk.isRegular(file);
        }

        @Override
        public byte[] read(Path file) throws IOException {
            return disk.read(file);
        }

        @Override
        public void write(Path file, byte[] bytes) throws IOException {
            // Killed, not powered off: what was written stays, so there is no need to wait for the disk.
            try {
                fuse.step();
            } catch (Killed e) {
                Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
                throw e;
            }
            Files.write(file, bytes);
            fuse.step();
        }

        @Override
        public void rename(Path file, Path target) throws IOException {
            fuse.step();
            disk.rename(file, target);
            fuse.step();
        }

        @Override
        public void delete(Path file) throws IOException {
            fuse.step();
            disk.delete(file);
            fuse.step();
        }
    }

    @Test
    void noStepLosesOrDoublesAnAddress() {
        for (int steps = 0; steps < 160; steps++) {
            runUntilKilled(steps, 42 + steps);
        }
    }

    /**
     * A file is removed after the link and the flows, so that the next process finds what is left, and gives out no address before that.
     */
    @Test
    void healingOfManyMayBeKilledAtAnyStep() {
        int killed = 0;
        for (int steps = 0; steps < 40; steps++) {
            World world = new World(directory.resolve("many-" + steps));
            Map<String, IpAddress> pods = new HashMap<>();
            for (int i = 0; i < 5; i++) {
                pods.put("c" + i, IpAddress.parse("10.244.1." + (i + 1)));
                world.add("c" + i);
                world.links.endNamespace(world.directory.resolve("netns/c" + i));
            }
            world.flows.flows.addAll(pods.values());
            Fuse fuse = new Fuse(steps);
            try {
                world.links.step = fuse::step;
                world.start(new DyingFiles(fuse, new DiskFiles(), new SplittableRandom(steps)));
            } catch (Killed e) {
                killed++;
            }
            world.links.step = () -> {};
            String files = String.join(" ", world.stateFiles()) + " ";
            for (IpAddress address : pods.values()) {
                assertThat(files.contains("," + address + ",") || !world.flows.flows.contains(address))
                        .as("%s, killed after %s steps: %s", address, steps, files)
                        .isTrue();
            }
            world.start();
            assertThat(world.stateFiles()).isEmpty();
            assertThat(world.links.links).isEmpty();
            assertThat(world.flows.flows).isEmpty();
        }
        assertThat(killed).isGreaterThan(10);
    }

    private void runUntilKilled(int steps, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        World world = new World(directory.resolve("run-" + steps));
        Map<String, String> attached = new HashMap<>();
        String[] underWay = {""};
        Fuse fuse = new Fuse(steps);
        try {
            world.links.step = fuse::step;
            world.start(new DyingFiles(fuse, new DiskFiles(), random));
            for (int i = 0; i < 40; i++) {
                act(world, random, attached, underWay);
            }
        } catch (Killed e) {
            // As planned.
        }
        world.links.step = () -> {};
        dieAgainWhileHealing(world, random);
        world.start();
        verify(world, attached, underWay[0], "seed " + seed + ", killed after " + steps + " steps");
    }

    /** Recovery must survive being killed as well. */
    private static void dieAgainWhileHealing(World world, SplittableRandom random) {
        Fuse fuse = new Fuse(random.nextInt(6));
        try {
            world.links.step = fuse::step;
            world.start(new DyingFiles(fuse, new DiskFiles(), random));
        } catch (Killed e) {
            // As planned.
        }
        world.links.step = () -> {};
    }

    private static void act(World world, SplittableRandom random, Map<String, String> attached, String[] underWay) {
        String container = "c" + random.nextInt(6);
        underWay[0] = container;
        if (random.nextInt(3) > 0) {
            CniAnswer answer = world.add(container);
            assertThat(answer.status()).as(answer.text()).isZero();
            attached.put(container, World.json(answer).path("ips").toString());
        } else {
            assertThat(world.call("DEL", container).status()).isZero();
            attached.remove(container);
        }
        underWay[0] = "";
    }

    private static void verify(World world, Map<String, String> attached, String underWay, String run) {
        Set<String> expected = new HashSet<>(attached.keySet());
        expected.remove(underWay);
        Set<String> found = new HashSet<>(world.heard.sorted().keySet());
        found.remove(underWay + "/eth0");
        assertThat(found)
                .as(run)
                .isEqualTo(new HashSet<>(
                        expected.stream().map(name -> name + "/eth0").toList()));
        assertThat(world.links.links).as(run).hasSize(world.heard.size());
        assertThat(world.stateFiles()).as(run).hasSize(world.heard.size());
        expected.forEach(container -> assertThat(
                        World.json(world.add(container)).path("ips").toString())
                .as(run)
                .isEqualTo(attached.get(container)));
        for (int i = world.heard.size(); i < 14; i++) {
            assertThat(world.add("fill-" + i).status())
                    .as(run + ": every other address is free")
                    .isZero();
        }
    }
}
