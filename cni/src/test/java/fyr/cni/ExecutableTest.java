package fyr.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.cni.protocol.CniAnswer;
import fyr.cni.protocol.CniErrorCode;
import fyr.cni.protocol.CniVersion;
import fyr.cni.protocol.RawRequest;
import fyr.cni.protocol.RequestFrame;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The native executable itself, as the installer leaves it, with a server behind it and without. */
class ExecutableTest {

    @TempDir
    Path directory;

    private World world;
    private Path socket;
    private Path pending;

    @BeforeEach
    void install() throws IOException {
        world = new World(directory);
        socket = directory.resolve("cni.sock");
        pending = directory.resolve("pending");
        new Installer(directory.resolve("bin"), directory.resolve("net.d")).installExecutable(socket, pending, 1);
    }

    /** Runs it as a runtime does. */
    private CniAnswer run(RawRequest request) {
        return run(directory.resolve("bin/fyr"), request);
    }

    private CniAnswer run(Path executable, RawRequest request) {
        try {
            Path input = Files.write(Files.createTempFile(directory, "stdin", ""), request.configuration());
            Path output = Files.createTempFile(directory, "stdout", "");
            ProcessBuilder builder = new ProcessBuilder(executable.toString())
                    .redirectInput(input.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().clear();
            builder.environment().putAll(request.environment());
            Process process = builder.start();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            CniAnswer answer = new CniAnswer(process.exitValue(), Files.readString(output));
            Files.delete(input);
            Files.delete(output);
            return answer;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private CniAnswer run(String command, String container) {
        return run(world.request(command, container, World.CONFIGURATION));
    }

    @Test
    void withoutAnAgentItSaysTryAgainLater() {
        for (String command : List.of("ADD", "CHECK", "GC")) {
            CniAnswer answer = run(command, "web-1");
            assertThat(answer.status()).isEqualTo(1);
            assertThat(World.code(answer)).isEqualTo(CniErrorCode.TRY_AGAIN_LATER.number());
            assertThat(World.json(answer).path("cniVersion").stringValue()).isEqualTo("1.1.0");
        }
        assertThat(World.code(run("STATUS", ""))).isEqualTo(CniErrorCode.UNAVAILABLE.number());
        CniAnswer versions =
                run(world.request("VERSION", "", "{\"plugins\":[{\"cniVersion\":\"9\"}],\"cniVersion\": \"0.4.0\"}"));
        assertThat(versions.status()).isZero();
        assertThat(World.json(versions).path("cniVersion").stringValue()).isEqualTo("0.4.0");
        assertThat(World.json(versions).path("supportedVersions").valueStream().map(JsonNode::stringValue))
                .containsExactlyElementsOf(CniVersion.texts());
    }

    /** As the kubelet does on a node whose programs are all being started. */
    @Test
    void anAgentThatIsOnItsWayIsWaitedFor() throws Exception {
        new Installer(directory.resolve("bin"), directory.resolve("net.d")).installExecutable(socket, pending, 60);
        Files.write(socket, new byte[0]); // of an agent that was killed
        try (ExecutorService runtime = Executors.newSingleThreadExecutor()) {
            Future<CniAnswer> status = runtime.submit(() -> run("STATUS", ""));
            Thread.sleep(300);
            assertThat(status.isDone()).isFalse();
            try (CniServer _ = CniServer.start(socket, pending, world.service, world.answers::add)) {
                assertThat(status.get(20, TimeUnit.SECONDS)).isEqualTo(CniAnswer.DONE);
            }
        }
    }

    @Test
    void withAnAgentEverythingGoesThrough() throws IOException {
        Files.write(socket, new byte[0]); // stale
        try (CniServer server = CniServer.start(socket, pending, world.service, world.answers::add)) {
            assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            world.namespace("web-1");
            CniAnswer added = run("ADD", "web-1");
            assertThat(added.status()).as(added.text()).isZero();
            assertThat(World.json(added).at("/ips/0/address").stringValue()).isEqualTo("10.244.1.1/32");
            assertThat(run("CHECK", "web-1")).isEqualTo(CniAnswer.DONE);
            assertThat(run("STATUS", "")).isEqualTo(CniAnswer.DONE);
            assertThat(World.code(run("CHECK", "web-2"))).isEqualTo(103);
            assertThat(run("DEL", "web-1")).isEqualTo(CniAnswer.DONE);
            assertThat(run("DEL", "web-1")).isEqualTo(CniAnswer.DONE);
            server.drain();
        }
        assertThat(socket).doesNotExist();
        assertThat(world.links.links).isEmpty();
    }

    @Test
    void aDeleteWithoutAnAgentIsDoneLater() throws IOException {
        world.add("web-1");
        world.add("web-2");
        Files.delete(pending);
        assertThat(run("DEL", "web-1")).isEqualTo(CniAnswer.DONE);
        assertThat(run("DEL", "web-1")).isEqualTo(CniAnswer.DONE);
        assertThat(pending.resolve("web-1:eth0")).exists();
        assertThat(run("DEL", "../web-1").status()).isEqualTo(1);
        Files.write(pending.resolve("nonsense"), new byte[] {1, 2, 3});
        try (CniServer _ = CniServer.start(socket, pending, world.service, world.answers::add)) {
            assertThat(world.heard.sorted().keySet()).containsExactly("web-2/eth0");
        }
        assertThat(pending.resolve("web-1:eth0")).doesNotExist();
    }

    @Test
    void aPendingDeleteComesBeforeANewAdd() throws IOException {
        try (CniServer _ = CniServer.start(socket, pending, world.service, world.answers::add)) {
            String first = World.json(world.add("web-1")).at("/ips/0/address").stringValue();
            Files.write(
                    pending.resolve("web-1:eth0"), RequestFrame.of(world.request("DEL", "web-1", World.CONFIGURATION)));
            String second = World.json(run("ADD", "web-1")).at("/ips/0/address").stringValue();
            assertThat(second).isNotEqualTo(first);
            assertThat(pending.resolve("web-1:eth0")).doesNotExist();
        }
    }

    @Test
    void aPendingDeleteThatStillFailsKeepsTheNewPodFromBeingAttached() throws IOException {
        try (CniServer _ = CniServer.start(socket, pending, world.service, world.answers::add)) {
            world.add("web-1");
            Files.write(
                    pending.resolve("web-1:eth0"), RequestFrame.of(world.request("DEL", "web-1", World.CONFIGURATION)));
            world.links.step = () -> {
                throw new KernelException("RTM_DELLINK", Errno.EBUSY, "");
            };
            CniAnswer refused = run("ADD", "web-1");
            assertThat(World.code(refused)).isEqualTo(11);
            assertThat(refused.text()).contains("RTM_DELLINK");
            assertThat(pending.resolve("web-1:eth0")).exists();
        }
    }

    @Test
    void aSilentAgentIsNotWaitedForForEver() throws IOException {
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(socket));
            assertThat(World.code(run("ADD", "web-1"))).isEqualTo(11);
            assertThat(run("DEL", "web-1")).isEqualTo(CniAnswer.DONE);
            assertThat(pending.resolve("web-1:eth0")).exists();
        }
    }

    @Test
    void calledLoopbackItIsThatPluginAndNeedsNoAgent() throws IOException {
        Path loopback = directory.resolve("bin/loopback");
        assertThat(run(loopback, world.request("DEL", "web-1", "{\"cniVersion\": \"0.3.1\"}")))
                .isEqualTo(CniAnswer.DONE);
        assertThat(pending.resolve("web-1:eth0")).doesNotExist();
        RawRequest nowhere = world.request("ADD", "web-1", "{\"cniVersion\": \"0.3.1\"}");
        assertThat(World.code(run(loopback, nowhere))).isEqualTo(CniErrorCode.IO_FAILURE.number());
        assertThat(World.code(run(loopback, world.request("ADD", "web-1", "{\"cniVersion\": \"2.0.0\"}"))))
                .isEqualTo(CniErrorCode.INCOMPATIBLE_VERSION.number());
        assertThat(World.code(run(loopback, world.request("DELETE", "web-1", "{\"cniVersion\": \"1.0.0\"}"))))
                .isEqualTo(CniErrorCode.INVALID_ENVIRONMENT.number());

        Files.delete(loopback);
        Files.writeString(loopback, "another's");
        new Installer(directory.resolve("bin"), directory.resolve("net.d")).installExecutable(socket, pending, 2);
        assertThat(loopback).hasContent("another's");
    }

    @Test
    void inputIsLimited() {
        CniAnswer answer = run(world.request("ADD", "web-1", " ".repeat((1 << 20) + 1)));
        assertThat(World.code(answer)).isEqualTo(7);
        RawRequest fits = world.request("ADD", "web-1", " ".repeat(1 << 20));
        assertThat(World.code(run(fits))).isEqualTo(11);
    }

    /** The executable under AddressSanitizer and UndefinedBehaviorSanitizer, with environments, configurations and answers of any kind. */
    @Test
    void survivesAnything() throws Exception {
        Path sanitized = directory.resolve("fyr-sanitized");
        Process build = new ProcessBuilder(
                        "src/main/native/build",
                        sanitized.toString(),
                        "-g",
                        "-O1",
                        "-fsanitize=address,undefined",
                        "-fno-sanitize-recover=all")
                .inheritIO()
                .start();
        assertThat(build.waitFor()).isZero();
        patch(sanitized);
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofPlatform().daemon().start(() -> answerAnything(server, new SplittableRandom(seed)));
            for (int i = 0; i < 150; i++) {
                CniAnswer answer = run(sanitized, anyRequest(random));
                assertThat(answer.status())
                        .as("seed %d, round %d: %s", seed, i, answer.text())
                        .isBetween(0, 1);
            }
        }
    }

    private void patch(Path sanitized) throws IOException {
        byte[] bytes = Files.readAllBytes(sanitized);
        Files.write(sanitized, Executable.configured(bytes, socket, pending, 2));
    }

    private static RawRequest anyRequest(SplittableRandom random) {
        String[] commands = {"ADD", "DEL", "VERSION", "STATUS", "", "DELETE"};
        java.util.Map<String, String> environment = new java.util.HashMap<>();
        environment.put("CNI_COMMAND", commands[random.nextInt(commands.length)]);
        if (random.nextInt(4) > 0) {
            environment.put("CNI_CONTAINERID", text(random, random.nextInt(10) == 0 ? 70_000 : 250));
            environment.put("CNI_IFNAME", text(random, 20));
        }
        String configuration = random.nextBoolean() ? text(random, 3000) : "{\"cniVersion\" : \"" + text(random, 20);
        return new RawRequest(environment, configuration.getBytes(UTF_8));
    }

    private static String text(SplittableRandom random, int limit) {
        StringBuilder text = new StringBuilder();
        boolean plain = random.nextBoolean();
        for (int left = random.nextInt(limit); left > 0; left--) {
            text.append((char) (plain ? 'a' + random.nextInt(26) : 33 + random.nextInt(94)));
        }
        return text.toString();
    }

    private static void answerAnything(ServerSocketChannel server, SplittableRandom random) {
        while (server.isOpen()) {
            try (var connection = server.accept()) {
                connection.read(java.nio.ByteBuffer.allocate(1 << 17));
                byte[] answer = fyr.cni.protocol.Frame.answer(new CniAnswer(random.nextInt(3), text(random, 5000)));
                for (int change = random.nextInt(3); change > 0; change--) {
                    answer[random.nextInt(Math.min(answer.length, 16))] = (byte) random.nextInt(256);
                }
                connection.write(java.nio.ByteBuffer.wrap(answer, 0, random.nextInt(answer.length + 1)));
            } catch (IOException e) {
                // The executable hung up, or the test is over.
            }
        }
    }

    @Test
    void installsAtomicallyAndReportsAForeignConfiguration() throws IOException {
        Installer installer = new Installer(directory.resolve("bin"), directory.resolve("net.d"));
        assertThat(installer.installConfiguration()).isEmpty();
        var before = Files.getLastModifiedTime(directory.resolve("net.d/10-fyr.conflist"));
        Files.write(directory.resolve("net.d/05-cilium.conflist"), new byte[0]);
        Files.write(directory.resolve("net.d/00-readme.txt"), new byte[0]);
        assertThat(installer.installConfiguration().orElseThrow())
                .contains("05-cilium.conflist comes before 10-fyr.conflist")
                .doesNotContain("\n");
        assertThat(Files.getLastModifiedTime(directory.resolve("net.d/10-fyr.conflist")))
                .isEqualTo(before);
        List<String> names = new ArrayList<>();
        try (var files = Files.list(directory.resolve("net.d"))) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        assertThat(names).containsExactlyInAnyOrder("10-fyr.conflist", "05-cilium.conflist", "00-readme.txt");
        var text = JsonMapper.shared().readTree(Files.readString(directory.resolve("net.d/10-fyr.conflist")));
        assertThat(text.at("/plugins/0/type").stringValue()).isEqualTo("fyr");
        assertThat(text.path("cniVersion").stringValue())
                .as("old runtimes refuse 1.1.0")
                .isEqualTo("1.0.0");
        assertThat(text.path("cniVersions").valueStream().map(JsonNode::stringValue))
                .containsExactlyElementsOf(CniVersion.texts());
    }
}
