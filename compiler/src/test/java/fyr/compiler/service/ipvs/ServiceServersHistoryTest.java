package fyr.compiler.service.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.service.ServiceHistory;
import fyr.compiler.service.ServiceTable;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.route.RouteKey;
import fyr.model.ClusterSnapshot;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Law 1 for virtual servers: they follow from the table alone. And whatever leads to one leads to one that exists. */
class ServiceServersHistoryTest {

    private static final int STEPS = 400;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {31, 33, 34, 35})
    void everyHistoryLeadsToTheSameServers(long seed) {
        Random random = new Random(seed);
        ServiceHistory history = new ServiceHistory(seed);
        ServiceServers servers = ServiceServers.empty(ServiceHistory.NOTHING);
        int translations = 0;
        for (int step = 0; step < STEPS; step++) {
            ClusterSnapshot snapshot = history.next();
            if (random.nextInt(3) > 0) {
                servers = servers.next(servers.table().next(snapshot));
                ServiceTable table = ServiceHistory.NOTHING.next(snapshot);
                ServiceServers fresh = ServiceServers.empty(table).next(table);
                assertThat(servers.kernel()).as("step " + step).isEqualTo(fresh.kernel());
                assertThat(servers.shortfalls()).as("step " + step).isEqualTo(fresh.shortfalls());
                translations += assertClosed(servers);
            }
        }
        assertThat(translations).as("frontends that lead to a virtual server").isPositive();
    }

    /** How many elements lead to virtual servers. */
    private static int assertClosed(ServiceServers servers) {
        Set<IpAddress> local = new HashSet<>();
        for (RouteKey route : servers.routes().sorted().keySet()) {
            assertThat(route.destination())
                    .isEqualTo(Prefix.single(route.destination().address()));
            local.add(route.destination().address());
        }
        assertThat(servers.virtual().sorted().keySet()).allMatch(server -> local.contains(server.address()));
        assertThat(servers.real().sorted().keySet())
                .allMatch(real -> servers.virtual().containsKey(real.server()));
        Set<String> places = new HashSet<>();
        for (VirtualServerKey server : servers.virtual().sorted().keySet()) {
            places.add(server.protocol().number() + " " + server.address() + " " + server.port());
        }
        int[] translations = {0};
        servers.objects().forEach((key, object) -> {
            if (key instanceof NftKey.ElementKey(var _, String set, Bytes of)
                    && set.endsWith("-servers")
                    && object instanceof NftObject.Element(var _, NftData.Value(Bytes value))) {
                byte[] bytes = value.toArray();
                int length = bytes.length == 8 ? 4 : 16;
                int port = (bytes[length] & 0xff) << 8 | bytes[length + 1] & 0xff;
                int protocol = of.toArray()[of.length() - 8] & 0xff; // a word each for protocol and port at the end
                assertThat(places).contains(protocol + " " + IpAddress.of(Arrays.copyOf(bytes, length)) + " " + port);
                translations[0]++;
            }
        });
        return translations[0];
    }
}
