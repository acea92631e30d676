package fyr.cni.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.cni.protocol.AttachmentKey;
import fyr.kernel.pod.PodLink;
import fyr.model.HostPort;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a state file holds, the agent starts, and the addresses in the file's name stay reserved. */
class HostileStateFilesTest {

    private static final AttachmentKey KEY = new AttachmentKey("0123abcd", "eth0");
    private static final List<IpAddress> ADDRESSES =
            List.of(IpAddress.parse("10.244.1.7"), IpAddress.parse("fd00:10:244:1::7"));
    private static final List<HostPort> HOST_PORTS = List.of(
            new HostPort(Optional.empty(), Protocol.TCP, 8080, 80),
            new HostPort(Optional.of(IpAddress.parse("2001:db8::1")), Protocol.UDP, 53, 5353));
    private static final String[] SPLINTERS = {
        "null",
        "true",
        "-1",
        "1e99",
        "99999999999999999999",
        "\"\"",
        "[]",
        "{}",
        "[[[",
        "\"\\u0000\"",
        "\"\\ud800\"",
        ",",
        "}"
    };

    @TempDir
    private Path directory;

    private static StoredAttachment attachment() {
        LinkIdentity identity = LinkIdentity.of(KEY);
        PodLink link = new PodLink(
                identity.hostName(),
                "eth0",
                Path.of("/run/netns/pod"),
                identity.hostMac(),
                identity.podMac(),
                1450,
                ADDRESSES);
        return new StoredAttachment(KEY, "fyr", link, new NamespacedName("shop", "web-0"), "uid-0", HOST_PORTS, "boot");
    }

    private AttachmentStore store() {
        return new AttachmentStore(new DiskFiles(), directory);
    }

    @Test
    void anAttachmentIsReadAsItWasWritten() {
        assertThat(AttachmentText.read(AttachmentText.write(attachment()))).isEqualTo(attachment());
    }

    @Test
    void aFileOfAnOlderAgentHasNoHostPorts() {
        String text = new String(AttachmentText.write(attachment()), UTF_8);
        byte[] older = text.replaceFirst("\"hostPorts\":\\[.*?],", "").getBytes(UTF_8);
        assertThat(AttachmentText.read(older).hostPorts()).isEmpty();
        byte[] damaged = text.replace("\"port\":8080", "\"port\":0").getBytes(UTF_8);
        assertThatThrownBy(() -> AttachmentText.read(damaged)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mutatedContentsAreReadOrSetAside() throws IOException {
        byte[] text = AttachmentText.write(attachment());
        Path file = directory.resolve(FileName.of(attachment()).toString());
        int damaged = 0;
        for (int seed = 0; seed < 1_000; seed++) {
            clear();
            Files.write(file, mutate(text, new SplittableRandom(seed)));
            AttachmentStore.Contents contents = load(seed);
            assertThat(reserved(contents)).as("seed %d", seed).containsExactly(ADDRESSES);
            damaged += contents.damaged().size();
        }
        assertThat(damaged).isBetween(100, 999);
    }

    @Test
    void fileNamesOfAnyKindAreReadOrLeftAlone() throws IOException {
        byte[] text = AttachmentText.write(attachment());
        String name = FileName.of(attachment()).toString();
        for (int seed = 0; seed < 200; seed++) {
            clear();
            String other = new String(mutate(name.getBytes(UTF_8), new SplittableRandom(seed)), UTF_8)
                    .replaceAll("[/\0\uFFFD]", "_");
            if (other.isEmpty() || other.equals(".") || other.equals("..") || other.getBytes(UTF_8).length > 200) {
                continue;
            }
            Files.write(directory.resolve(other), text);
            AttachmentStore.Contents contents = load(seed);
            assertThat(contents.attachments().size() + contents.damaged().size())
                    .as("seed %d: %s", seed, other)
                    .isLessThanOrEqualTo(1);
            if (!other.equals(name)) {
                assertThat(contents.attachments())
                        .as("seed %d: %s", seed, other)
                        .isEmpty();
            }
        }
    }

    @Test
    void aFolderInThePlaceOfAFileIsSetAside() throws IOException {
        Files.createDirectory(directory.resolve(FileName.of(attachment()).toString()));
        assertThat(reserved(store().load())).containsExactly(ADDRESSES);
        assertThat(reserved(store().load())).as("the next start").containsExactly(ADDRESSES);
    }

    /** A symbolic link to itself cannot be opened, as a file cannot when there is no descriptor left. */
    @Test
    void whatIsNoFileOfOursIsSetAsideWithoutOpeningIt() throws IOException {
        Path file = directory.resolve(FileName.of(attachment()).toString());
        Files.createSymbolicLink(file, file);
        assertThat(reserved(store().load())).containsExactly(ADDRESSES);
    }

    /** The pod runs, and its file is complete: a temporary failure of the disk or a process must not cut it off. */
    @Test
    void aFileThatCannotBeReadNowIsReadByTheNextStart() throws IOException {
        store().write(attachment());
        assertThatThrownBy(() -> new AttachmentStore(new FailingReads(), directory).load())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Too many open files");
        assertThat(store().load().attachments()).containsExactly(attachment());
    }

    private AttachmentStore.Contents load(int seed) throws IOException {
        try {
            return store().load();
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static List<List<IpAddress>> reserved(AttachmentStore.Contents contents) {
        return Stream.concat(
                        contents.attachments().stream()
                                .map(attachment -> attachment.link().addresses()),
                        contents.damaged().stream().map(AttachmentStore.Damaged::addresses))
                .toList();
    }

    private void clear() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    static byte[] mutate(byte[] text, SplittableRandom random) {
        StringBuilder mutated = new StringBuilder(new String(text, UTF_8));
        for (int change = random.nextInt(4); change >= 0; change--) {
            int at = random.nextInt(mutated.length());
            int end = Math.min(mutated.length(), at + random.nextInt(20));
            switch (random.nextInt(3)) {
                case 0 -> mutated.replace(at, end, SPLINTERS[random.nextInt(SPLINTERS.length)]);
                case 1 -> mutated.setCharAt(at, (char) random.nextInt(256));
                default -> mutated.insert(at, mutated.substring(at, end));
            }
        }
        byte[] bytes = mutated.toString().getBytes(UTF_8);
        return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }
}
