package fyr.cni;

import static fyr.cni.World.CONFIGURATION;
import static fyr.cni.World.code;
import static fyr.cni.World.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.cni.protocol.AttachmentKey;
import fyr.cni.protocol.CniAnswer;
import fyr.cni.state.DiskFiles;
import fyr.cni.state.LinkIdentity;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.pod.PodLink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CniServiceTest {

    @TempDir
    Path directory;

    private World world;

    @BeforeEach
    void start() {
        world = new World(directory);
    }

    @Test
    void addMakesTheLinkAndSaysWhatItMade() {
        CniAnswer answer = world.add("web-1");
        assertThat(answer.status()).isZero();
        String host = LinkIdentity.of(new AttachmentKey("web-1", "eth0")).hostName();
        assertThat(host).matches("fyr[0-9a-f]{12}").hasSize(15);
        var result = json(answer);
        assertThat(result.at("/interfaces/0/name").stringValue()).isEqualTo(host);
        assertThat(result.at("/interfaces/1/name").stringValue()).isEqualTo("eth0");
        assertThat(result.at("/interfaces/1/mtu").intValue()).isEqualTo(1450);
        assertThat(result.at("/interfaces/1/sandbox").stringValue()).endsWith("/netns/web-1");
        assertThat(result.path("ips").toString())
                .isEqualTo("[{\"address\":\"10.244.1.1/32\",\"gateway\":\"169.254.1.1\",\"interface\":1},"
                        + "{\"address\":\"fd00:10:244:1::1/128\",\"gateway\":\"fe80::1\",\"interface\":1}]");
        assertThat(result.path("routes").toString())
                .isEqualTo("[{\"dst\":\"0.0.0.0/0\",\"gw\":\"169.254.1.1\"},{\"dst\":\"::/0\",\"gw\":\"fe80::1\"}]");
        assertThat(result.path("dns").toString()).isEqualTo("{}");
        assertThat(world.heard.get("web-1/eth0").orElseThrow().pod()).hasToString("shop/web-1");
        assertThat(world.stateFiles()).containsExactly(host + ",10.244.1.1,fd00:10:244:1::1.json");
    }

    @Test
    void addAgainGivesTheSameAndAnothersInterfaceIsAnError() {
        CniAnswer first = world.add("web-1");
        assertThat(world.call("ADD", "web-1")).isEqualTo(first);
        var other = new java.util.HashMap<>(
                world.request("ADD", "web-2", CONFIGURATION).environment());
        other.put("CNI_NETNS", directory.resolve("netns/web-1").toString());
        CniAnswer foreign = world.call(new fyr.cni.protocol.RawRequest(
                other, CONFIGURATION.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(code(foreign)).isEqualTo(102);
        assertThat(world.stateFiles()).hasSize(1);
        assertThat(code(world.call("ADD", "no-namespace"))).isEqualTo(8);
        assertThat(world.stateFiles()).hasSize(1);
    }

    @Test
    void deleteIsDoneAsOftenAsItIsAskedFor() {
        world.add("web-1");
        for (int i = 0; i < 3; i++) {
            assertThat(world.call("DEL", "web-1")).isEqualTo(CniAnswer.DONE);
            assertThat(world.links.links).isEmpty();
            assertThat(world.stateFiles()).isEmpty();
            assertThat(world.heard.isEmpty()).isTrue();
        }
        assertThat(world.call("DEL", "never-seen")).isEqualTo(CniAnswer.DONE);
    }

    @Test
    void addressesGoRoundAndRunOut() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 14; i++) {
            assertThat(seen.add(json(world.add("a-" + i)).at("/ips/0/address").stringValue()))
                    .isTrue();
            assertThat(world.call("DEL", "a-" + i).status()).isZero();
        }
        for (int i = 0; i < 14; i++) {
            assertThat(world.add("b-" + i).status()).isZero();
        }
        assertThat(code(world.add("b-14"))).isEqualTo(100);
        assertThat(code(world.call("STATUS", ""))).isEqualTo(50);
        world.call("DEL", "b-3");
        assertThat(world.add("b-14").status()).isZero();
    }

    @Test
    void checkFindsWhatIsMissing() {
        world.add("web-1");
        assertThat(world.call("CHECK", "web-1")).isEqualTo(CniAnswer.DONE);
        world.links.links.clear();
        assertThat(code(world.call("CHECK", "web-1"))).isEqualTo(103);
        assertThat(code(world.call("CHECK", "web-2"))).isEqualTo(103);
    }

    /** Like the reference plugin "tuning": it changes the pod's end and says so in its result. */
    @Test
    void checkExpectsWhatTheLastPluginLeft() {
        String result = world.add("web-1").text();
        String tuned = result.replaceFirst("\"mtu\":1450,\"sandbox\"", "\"mtu\":1400,\"sandbox\"");
        assertThat(tuned).isNotEqualTo(result);
        String check = CONFIGURATION.replace("}", ",\"prevResult\":");
        assertThat(code(world.call("CHECK", "web-1", check + result + "}"))).isZero();
        assertThat(code(world.call("CHECK", "web-1", check + tuned + "}"))).isEqualTo(103);
        world.links.links.replaceAll((_, link) -> new PodLink(
                link.hostName(),
                link.podName(),
                link.namespace(),
                link.hostMac(),
                link.podMac(),
                1400,
                link.addresses()));
        assertThat(code(world.call("CHECK", "web-1", check + tuned + "}"))).isZero();
        assertThat(code(world.call("CHECK", "web-1", check + result + "}"))).isEqualTo(103);
        assertThat(code(world.call("CHECK", "web-1", check + "{}}")))
                .as("nothing is listed")
                .isZero();
    }

    @Test
    void collectLeavesTheListedAndOtherNetworks() {
        world.add("keep");
        world.add("drop");
        world.namespace("other");
        world.call("ADD", "other", CONFIGURATION.replace("\"name\":\"fyr\"", "\"name\":\"second\""));
        String list = ",\"cni.dev/valid-attachments\":[{\"containerID\":\"keep\",\"ifname\":\"eth0\"}]}";
        assertThat(world.call("GC", "", CONFIGURATION).status()).isZero();
        assertThat(world.heard.size()).isEqualTo(3);
        assertThat(world.call("GC", "", CONFIGURATION.replace("}", list)).status())
                .isZero();
        assertThat(world.heard.sorted().keySet()).containsExactly("keep/eth0", "other/eth0");
        assertThat(world.links.links).hasSize(2);
    }

    @Test
    void theGateIsClosedUntilThereIsANetwork() throws Exception {
        world.service.serve(new Serving.Closed("the node has no podCIDRs"));
        assertThat(code(world.add("web-1"))).isEqualTo(11);
        assertThat(code(world.call("STATUS", ""))).isEqualTo(50);
        assertThat(world.call("STATUS", "").text()).contains("the node has no podCIDRs");
        assertThat(world.call("DEL", "web-1").status()).isZero();
        world.service.serve(new Serving.Open(world.network));
        assertThat(world.add("web-1").status()).isZero();
        assertThat(world.call("STATUS", "").status()).isZero();
    }

    @Test
    void whoComesBeforeTheFirstPlanIsServedWithIt() throws Exception {
        CniService young = CniService.open(
                directory.resolve("young"),
                new DiskFiles(),
                () -> {},
                "boot-1",
                world.links,
                world.flows,
                (all, _) -> CompletableFuture.completedFuture(all));
        CniHandler handler = new CniHandler(young, _ -> {});
        world.namespace("web-1");
        try (var runtime = Executors.newSingleThreadExecutor()) {
            Future<CniHandler.Served> added =
                    runtime.submit(() -> handler.handle(world.request("ADD", "web-1", CONFIGURATION)));
            Thread.sleep(100);
            young.serve(new Serving.Closed("the API server has not been heard yet"));
            Thread.sleep(100);
            assertThat(added.isDone()).isFalse();
            young.serve(new Serving.Open(world.network));
            assertThat(added.get(20, TimeUnit.SECONDS).answer().status()).isZero();
        }
    }

    @Test
    void healingReleasesWhatNobodyUses() throws Exception {
        world.add("lives");
        world.add("lost-link");
        world.add("lost-namespace");
        world.links.endNamespace(directory.resolve("netns/lost-link"));
        Files.delete(directory.resolve("netns/lost-namespace"));
        Files.write(directory.resolve("state/.new-fyr000000000000"), new byte[] {'{'});
        var orphan = java.util.Objects.requireNonNull(world.links.links.get(
                LinkIdentity.of(new AttachmentKey("lives", "eth0")).hostName()));
        world.links.links.put("fyr0123456789ab", orphan);
        world.links.links.put("fyrvxlan4", orphan);
        world.start();
        assertThat(world.heard.sorted().keySet()).containsExactly("lives/eth0");
        assertThat(world.links.links.keySet()).containsExactlyInAnyOrder("fyrvxlan4", orphan.hostName());
        assertThat(world.stateFiles()).hasSize(1);
    }

    @Test
    void oneStateIsForOneAgent() throws Exception {
        Path state = directory.resolve("state");
        try (CniService _ = CniService.open(
                state, "boot-1", world.links, world.flows, (all, _) -> CompletableFuture.completedFuture(all))) {
            assertThatThrownBy(() -> CniService.open(
                            state,
                            "boot-1",
                            world.links,
                            world.flows,
                            (all, _) -> CompletableFuture.completedFuture(all)))
                    .isInstanceOf(java.io.IOException.class)
                    .hasMessageContaining("state.lock: another Fyr agent uses this state");
        }
        CniService.open(state, "boot-1", world.links, world.flows, (all, _) -> CompletableFuture.completedFuture(all))
                .close();
    }

    @Test
    void aRebootReleasesEverything() {
        world.add("web-1");
        world.links.links.clear();
        world.bootId = "boot-2";
        world.start();
        assertThat(world.heard.isEmpty()).isTrue();
        assertThat(world.stateFiles()).isEmpty();
    }

    @Test
    void aDamagedFileKeepsItsAddressesWhileItsLinkExists() throws Exception {
        world.network = World.network("10.244.1.0/30");
        world.start();
        String address = json(world.add("web-1")).at("/ips/0/address").stringValue();
        Path file = directory.resolve("state").resolve(world.stateFiles().getFirst());
        Files.write(file, new byte[] {'{', '"'});
        world.start();
        assertThat(world.stateFiles()).containsExactly(file.getFileName() + ".damaged");
        world.start();
        assertThat(json(world.add("web-2")).at("/ips/0/address").stringValue()).isNotEqualTo(address);
        assertThat(code(world.add("web-3"))).isEqualTo(100);
        world.links.endNamespace(directory.resolve("netns/web-1"));
        world.service.heal();
        assertThat(json(world.add("web-3")).at("/ips/0/address").stringValue()).isEqualTo(address);
    }

    @Test
    void aDamagedFileGoesWithItsContainer() throws Exception {
        world.add("web-1");
        Files.write(directory.resolve("state").resolve(world.stateFiles().getFirst()), new byte[0]);
        world.start();
        assertThat(world.add("web-1").status()).isZero();
        assertThat(world.stateFiles()).hasSize(1).noneMatch(name -> name.endsWith(".damaged"));
    }

    @Test
    void failuresAreUndone() {
        world.links.step = () -> {
            throw new KernelException("RTM_NEWLINK", Errno.ENOBUFS, "");
        };
        assertThat(code(world.add("web-1"))).isEqualTo(101);
        assertThat(world.stateFiles()).as("the kernel refused the deletion too").hasSize(1);
        world.links.step = () -> {};
        world.listener = (attachments, _) -> attachments.isEmpty()
                ? CompletableFuture.completedFuture(attachments)
                : CompletableFuture.failedFuture(new IllegalStateException("no routes"));
        assertThat(code(world.add("web-1"))).isEqualTo(11);
        assertThat(world.stateFiles()).isEmpty();
        assertThat(world.links.links).isEmpty();
        assertThat(world.heard.isEmpty()).isTrue();
    }

    @Test
    void anAddThatWaitsForTheAgentKeepsNobodyFromWorking() throws Exception {
        CompletableFuture<Object> carried = new CompletableFuture<>();
        world.listener = (_, added) ->
                added.filter(pod -> pod.containerId().equals("slow")).isPresent()
                        ? carried
                        : CompletableFuture.completedFuture(added);
        try (var threads = Executors.newFixedThreadPool(2)) {
            Future<CniAnswer> slow = threads.submit(() -> world.add("slow"));
            while (!world.heard.containsKey("slow/eth0")) {
                Thread.onSpinWait();
            }
            Future<CniAnswer> others = threads.submit(() -> {
                world.service.serve(new Serving.Open(World.network("10.244.2.0/24")));
                world.service.heal();
                return world.add("other");
            });
            assertThat(json(others.get(10, TimeUnit.SECONDS))
                            .at("/ips/0/address")
                            .stringValue())
                    .isEqualTo("10.244.2.1/32");
            assertThat(slow.isDone()).isFalse();
            carried.complete("yes");
            assertThat(slow.get().status()).isZero();
        }
        assertThat(world.links.links).hasSize(2);
    }

    @Test
    void anAddThatIsCollectedBeforeItIsCompleteFails() {
        world.listener = (attachments, added) -> {
            if (added.isPresent()) {
                world.listener = (all, _) -> CompletableFuture.completedFuture(all);
                return CompletableFuture.runAsync(
                        () -> world.call("GC", "", CONFIGURATION.replace("}", ",\"cni.dev/valid-attachments\":[]}")));
            }
            return CompletableFuture.completedFuture(attachments);
        };
        assertThat(code(world.add("web-1"))).isEqualTo(11);
        assertThat(world.stateFiles()).isEmpty();
    }

    @Test
    void whatWentWrongFirstIsWhatTheRuntimeHears() {
        world.links.deletion = () -> {
            throw new KernelException("RTM_DELLINK", Errno.ENOBUFS, "");
        };
        world.listener = (_, _) -> CompletableFuture.failedFuture(new IllegalStateException("no routes"));
        CniAnswer answer = world.add("web-1");
        assertThat(code(answer)).isEqualTo(11);
        assertThat(answer.text()).contains("no routes");
    }

    /** The attachment's rules would be removed with it, and the pod, whose link still exists, could send anything. */
    @Test
    void aPodStaysIsolatedUntilItsLinkIsGone() {
        world.add("web");
        world.links.deletion = () -> {
            assertThat(world.heard.containsKey("web/eth0")).isTrue();
            throw new KernelException("RTM_DELLINK", Errno.EBUSY, "");
        };
        assertThat(world.call("DEL", "web").status()).isNotZero();
        assertThat(world.heard.containsKey("web/eth0")).isTrue();
        world.start();
        assertThat(world.heard.containsKey("web/eth0")).as("after a restart").isTrue();
        assertThat(world.stateFiles()).hasSize(1);
        world.links.deletion =
                () -> assertThat(world.heard.containsKey("web/eth0")).isTrue();
        assertThat(world.call("DEL", "web").status()).isZero();
        assertThat(world.heard).isEmpty();
        assertThat(world.stateFiles()).isEmpty();
    }

    /** The same where an ADD is undone. */
    @Test
    void aFailedAddWhoseLinkStaysIsIsolated() {
        world.links.configuration = () -> {
            throw new KernelException("RTM_NEWADDR", Errno.EINVAL, "");
        };
        world.links.deletion = () -> {
            throw new KernelException("RTM_DELLINK", Errno.EBUSY, "");
        };
        assertThat(world.add("web").status()).isNotZero();
        assertThat(world.links.links).hasSize(1);
        assertThat(world.heard.containsKey("web/eth0")).isTrue();
    }

    @Test
    void aPodThatCannotBeConfiguredIsTakenBackFromTheAgentToo() {
        world.links.configuration = () -> {
            throw new KernelException("RTM_NEWADDR", Errno.EINVAL, "");
        };
        assertThat(code(world.add("web-1"))).isEqualTo(101);
        assertThat(world.heard.isEmpty()).isTrue();
        assertThat(world.links.links).isEmpty();
        assertThat(world.stateFiles()).isEmpty();
    }

    @Test
    void everyAnswerIsObserved() {
        world.add("web-1");
        world.call("CHECK", "web-2");
        assertThat(world.answers.stream().map(answer -> answer.text().replaceFirst("[0-9]+ us", "?")))
                .containsExactly(
                        "CNI ADD web-1/eth0 (?)",
                        "CNI CHECK web-2/eth0 failed: web-2/eth0: it is not attached: it is not attached (code 103) (?)");
    }

    @Test
    void statusSaysWhatLimitsPods() {
        world.service.serve(new Serving.Limited(world.network, "routes: EINVAL"));
        assertThat(code(world.call("STATUS", ""))).isEqualTo(51);
        assertThat(world.add("web-1").status()).isZero();
    }

    @Test
    void manyContainersAtOnceAndNoAddressTwice() throws Exception {
        world.network = World.network("10.244.0.0/24", "fd00::/64");
        world.start();
        Set<String> addresses = ConcurrentHashMap.newKeySet();
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                String container = "c-" + i % 200;
                boolean keep = i >= 400;
                all.add(threads.submit(() -> {
                    CniAnswer answer = world.add(container);
                    if (keep) {
                        json(answer)
                                .path("ips")
                                .forEach(ip -> addresses.add(ip.path("address").stringValue()));
                    } else {
                        world.call("DEL", container);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        for (int i = 0; i < 200; i++) {
            world.add("c-" + i);
        }
        assertThat(world.links.links).hasSize(200);
        assertThat(world.heard.size()).isEqualTo(200);
        assertThat(world.stateFiles()).hasSize(200);
    }
}
