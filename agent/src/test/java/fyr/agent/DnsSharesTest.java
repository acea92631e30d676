package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.dns.DnsLimit;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftKey;
import fyr.model.Attachment;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DnsSharesTest {

    private static final IpAddress POD = IpAddress.parse("10.244.1.5");
    private static final IpAddress POD6 = IpAddress.parse("fd00:10:244:1::5");
    private static final IpAddress OTHER = IpAddress.parse("192.0.2.9");

    private final Map<NftKey.SetKey, Map<Bytes, Long>> counts = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private long now;
    private final DnsShares shares = new DnsShares(
            meter -> counts.getOrDefault(meter, Map.of()),
            () -> PersistentMap.of(Map.of(
                    "c/eth0",
                    new Attachment(
                            "c",
                            "eth0",
                            "fyr1",
                            MacAddress.parse("02:00:00:00:00:01"),
                            List.of(POD, POD6),
                            new NamespacedName("shop", "flooder")))),
            observation -> told.add(
                    observation instanceof Observation.DnsLimited(String client, var _, long queries)
                            ? client + " " + queries
                            : observation.text()),
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

    @Test
    void clientsAreBounded() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            shares.refused(InetAddress.getByAddress(new byte[] {10, 1, (byte) (i >> 8), (byte) i}));
        }
        assertThat(look(5)).hasSize(4096);
    }
}
