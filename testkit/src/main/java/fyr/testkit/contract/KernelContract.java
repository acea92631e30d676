package fyr.testkit.contract;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.link.Link;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of all tables share: a kernel with one tunnel for each family. */
public abstract class KernelContract {

    static final String TUNNEL4 = "fyr-tunnel4";
    static final String TUNNEL6 = "fyr-tunnel6";
    static final String ABSENT = "fyr-absent";
    static final MacAddress MAC = MacAddress.local(1);
    static final MacAddress PEER = MacAddress.local(2);
    static final Link.Vxlan LINK4 = new Link.Vxlan(42, 8472, ip("192.0.2.1"), MAC, 1450);
    static final Link.Vxlan LINK6 = new Link.Vxlan(43, 8472, ip("2001:db8::1"), MAC, 1430);
    static final Errno ERANGE = new Errno(34);
    static final Errno ENETDOWN = new Errno(100);
    static final Errno EHOSTUNREACH = new Errno(113);

    private Optional<TestedKernel> tested = Optional.empty();

    /** A kernel without anything of Fyr's. */
    protected abstract TestedKernel open();

    @BeforeEach
    void begin() {
        tested = Optional.of(open());
        put(Tables.LINKS, Map.of(TUNNEL4, LINK4, TUNNEL6, LINK6));
    }

    @AfterEach
    void end() {
        tested.orElseThrow().close();
    }

    TestedKernel others() {
        return tested.orElseThrow();
    }

    <K extends Comparable<? super K>, V> KernelTable<K, V> table(TableId<K, V> id) {
        return others().kernel().table(id);
    }

    <K extends Comparable<? super K>, V> SortedMap<K, V> list(TableId<K, V> id) {
        return table(id).list();
    }

    <K extends Comparable<? super K>, V> void put(TableId<K, V> id, Map<K, V> entries) {
        table(id).apply(new Delta<>(new TreeMap<>(entries), new TreeSet<>()));
    }

    <K extends Comparable<? super K>, V> void remove(TableId<K, V> id, Set<K> keys) {
        table(id).apply(new Delta<>(new TreeMap<>(), new TreeSet<>(keys)));
    }

    /** The errno with which a change is refused; empty if it is made. */
    static Optional<Errno> refusal(Runnable change) {
        try {
            change.run();
            return Optional.empty();
        } catch (KernelException refused) {
            return Optional.of(refused.errno());
        }
    }

    static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    static RouteKey to(String prefix) {
        return new RouteKey(Prefix.parse(prefix));
    }

    /** A route without gateway. */
    static Route direct(String link) {
        return new Route.Unicast(link, Optional.empty(), false, Optional.empty(), OptionalInt.empty());
    }

    /** A route whose gateway is trusted to be on the link. */
    static Route onlink(String link, String gateway) {
        return new Route.Unicast(link, Optional.of(ip(gateway)), true, Optional.empty(), OptionalInt.empty());
    }

    /** A route whose gateway the link must lead to. */
    static Route through(String link, String gateway) {
        return new Route.Unicast(link, Optional.of(ip(gateway)), false, Optional.empty(), OptionalInt.empty());
    }

    /** A route without gateway that prefers a source. */
    static Route from(String link, String source) {
        return new Route.Unicast(link, Optional.empty(), false, Optional.of(ip(source)), OptionalInt.empty());
    }
}
