package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.agent.observe.Metrics;
import fyr.agent.observe.Observer;
import fyr.compiler.dns.DnsLimit;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.Meters;
import fyr.kernel.nft.NftKey;
import fyr.model.Attachment;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DnsSharesTest {

    private static final IpAddress POD = IpAddress.parse("10.244.1.5");
    private static final IpAddress POD6 = IpAddress.parse("fd00:10:244:1::5");
    private static final IpAddress OTHER = IpAddress.parse("192.0.2.9");

    private final Map<NftKey.SetKey, Map<Bytes, Long>> counts = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private PersistentMap<String, Attachment> pods = PersistentMap.of(Map.of(
            "c/eth0",
            new Attachment(
                    "c",
                    "eth0",
                    "fyr1",
                    MacAddress.parse("02:00:00:00:00:01"),
                    List.of(POD, POD6),
                    new NamespacedName("shop", "flooder"))));
    private Consumer<Observation> observed = _ -> {};
    private long now;
    private final DnsShares shares = new DnsShares(
            meter -> counts.getOrDefault(meter, Map.of()),
            () -> pods,
            observation -> {
                observed.accept(observation);
                told.add(
                        observation instanceof Observation.DnsLimited(String client, var _, long queries)
                                ? client + " " + queries
                                : observation.text());
            },
            () -> now);

    private void counted(IpAddress client, long count) {
        counts.put(DnsLimit.meter(client.family()), Map.of(Bytes.of(client.toBytes()), count));
    }

    private List<String> look(int seconds) {
        now += seconds * 1_000_000_000L;
        told.clear();
        shares.look();
        return told;
    }

    @Test
    void thePodIsNamedAtOnceAndThenOnceAMinute() throws Exception {
        assertThat(look(5)).isEmpty();
        counted(POD, 70_000);
        shares.refused(InetAddress.getByName(POD.toString()));
        assertThat(look(5)).containsExactly("shop/flooder 70001");
        counted(POD, 140_000);
        assertThat(look(5)).isEmpty();
        counted(POD, 150_000);
        assertThat(look(60)).containsExactly("shop/flooder 80000");
        assertThat(look(60)).as("it has stopped").isEmpty();
    }

    @Test
    void aKeyThatTheKernelForgotCountsFromZero() {
        counted(POD6, 100);
        assertThat(look(5)).containsExactly("shop/flooder 100");
        counted(POD6, 7);
        assertThat(look(61)).containsExactly("shop/flooder 7");
        counts.put(DnsLimit.meter(Family.IPV6), Map.of());
        assertThat(look(61)).isEmpty();
    }

    @Test
    void whoIsNoPodOfThisNodeIsNamedByItsAddress() throws Exception {
        shares.refused(InetAddress.getByName(OTHER.toString()));
        assertThat(look(5)).containsExactly("192.0.2.9 1");
    }

    /** A metric of each client that ever asked too much would be one of each pod that ever was. */
    @Test
    void whoKeepsToItsShareIsForgottenByTheNameThatWasTold() {
        Metrics metrics = new Metrics();
        observed = new Observer(metrics);
        counted(POD, 10);
        counted(POD6, 10);
        look(5);
        counted(POD6, 20);
        look(300);
        assertThat(text(metrics)).contains("fyr_dns_limited_total{client=\"shop/flooder\"} 30.0");
        pods = PersistentMap.of(Map.of());
        look(320);
        assertThat(text(metrics))
                .as("of one of its addresses less than ten minutes ago")
                .contains("shop/flooder");
        look(300);
        assertThat(text(metrics)).doesNotContain("client=");
    }

    @Test
    void whoHasTheAddressNextIsToldByItsOwnName() {
        Metrics metrics = new Metrics();
        observed = new Observer(metrics);
        counted(POD, 10);
        look(5);
        pods = PersistentMap.of(Map.of());
        counted(POD, 20);
        look(100);
        assertThat(text(metrics)).contains("client=\"" + POD + "\"} 10.0").doesNotContain("shop/flooder");
    }

    private static String text(Metrics metrics) {
        return new String(metrics.text(), StandardCharsets.UTF_8);
    }

    /** What is read with is closed next. */
    @Test
    void theEndWaitsForTheLookUnderWay() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean read = new AtomicBoolean();
        Meters slow = meter -> {
            reading.countDown();
            while (go.getCount() > 0) {
                Thread.onSpinWait(); // as a call of the kernel, which no interrupt ends
            }
            read.set(true);
            return Map.of();
        };
        DnsShares looking = new DnsShares(slow, () -> pods, _ -> {}, () -> now);
        looking.start();
        assertThat(reading.await(60, TimeUnit.SECONDS)).isTrue();
        Thread.ofPlatform().daemon().start(() -> {
            LockSupport.parkNanos(300_000_000);
            go.countDown();
        });
        looking.close();
        assertThat(read).isTrue();
    }

    /** An agent that cannot start closes what it has made so far. */
    @Test
    void whatNeverStartedEndsToo() {
        new DnsShares(_ -> Map.of(), () -> pods, _ -> {}, () -> now).close();
    }

    @Test
    void clientsAreBounded() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            shares.refused(InetAddress.getByAddress(new byte[] {10, 1, (byte) (i >> 8), (byte) i}));
        }
        assertThat(look(5)).hasSize(4096);
    }
}
