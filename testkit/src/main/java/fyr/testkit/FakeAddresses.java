package fyr.testkit;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.Tables;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The addresses of a fake kernel's links. Tells the other tables when one is removed. */
public final class FakeAddresses extends FakeTable<AddressKey, InterfaceAddress> implements FakeLinks.Follower {

    /** What a table does when an address is removed. */
    interface Follower {

        /** Called after an address was removed. */
        void removed(AddressKey address);
    }

    /** Addresses that others gave to links which are not ours; the table neither lists nor removes them. */
    public final Map<AddressKey, InterfaceAddress> others = new ConcurrentHashMap<>();

    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private final FakeLinks links;

    FakeAddresses(FakeLinks links) {
        super(Tables.ADDRESSES);
        this.links = links;
        links.follow(this);
    }

    void follow(Follower follower) {
        followers.add(follower);
    }

    private Stream<Map.Entry<AddressKey, InterfaceAddress>> all() {
        return Stream.concat(contents.entrySet().stream(), others.entrySet().stream());
    }

    /** Whether some link has this address. */
    boolean isLocal(IpAddress address) {
        return all().anyMatch(entry -> entry.getKey().address().equals(address));
    }

    /** The links that have addresses. */
    Stream<String> links() {
        return all().map(entry -> entry.getKey().link()).distinct();
    }

    boolean hasAny(String link, Family family) {
        return all().anyMatch(entry ->
                entry.getKey().link().equals(link) && entry.getKey().address().family() == family);
    }

    /** The subnets that the kernel has a direct route to through a link. */
    Stream<Prefix> subnets(String link) {
        return all().filter(entry -> entry.getKey().link().equals(link) && links.isUp(link))
                .map(entry -> Prefix.containing(
                        entry.getKey().address(), entry.getValue().prefixLength()));
    }

    /** Whether the kernel has made a route for a subnet that takes the place of one of ours: its routes of IPv6 have another metric. */
    boolean isSubnet(Prefix prefix) {
        return prefix.family() == Family.IPV4
                && prefix.length() < prefix.family().bits()
                && links().flatMap(this::subnets).anyMatch(prefix::equals);
    }

    @Override
    protected void change(Delta<AddressKey, InterfaceAddress> delta) {
        FakeRefusals refusals = new FakeRefusals();
        delta.upserts().forEach((key, value) -> put(key, value, refusals));
        delta.deletes().forEach(this::remove);
        refusals.throwFirst();
    }

    private void put(AddressKey key, InterfaceAddress wanted, FakeRefusals refusals) {
        String operation = "RTM_NEWADDR " + key;
        if (!links.exists(key.link())) {
            refusals.absentLink(operation, key.link());
            return;
        }
        InterfaceAddress before = contents.get(key);
        if (before != null && !before.equals(wanted) && isInTheWay(key, before, wanted)) {
            remove(key);
        }
        InterfaceAddress other = others.get(key);
        if (wanted.prefixLength() > key.address().family().bits()) {
            remove(key);
            refusals.add(operation, Errno.EINVAL);
        } else if (other != null && isInTheWay(key, other, wanted)) {
            refusals.add(operation, Errno.EEXIST);
        } else {
            contents.put(key, wanted);
        }
    }

    /** IPv4 allows one address several times, with different lengths; so a new length can be added before the old one is removed. */
    private static boolean isInTheWay(AddressKey key, InterfaceAddress old, InterfaceAddress wanted) {
        return key.address().family() == Family.IPV6 || old.prefixLength() == wanted.prefixLength();
    }

    private void remove(AddressKey key) {
        if (contents.remove(key) != null) {
            followers.forEach(follower -> follower.removed(key));
        }
    }

    /** IPv4 addresses stay. Those of IPv6 go without anybody being told: routes over other links still prefer them (addrconf_ifdown). */
    @Override
    public void down(String link) {
        contents.keySet()
                .removeIf(key -> key.link().equals(link) && key.address().family() == Family.IPV6);
    }

    @Override
    public void deleted(String link) {
        others.keySet().removeIf(key -> key.link().equals(link));
        List.copyOf(contents.keySet()).stream()
                .filter(key -> key.link().equals(link))
                .forEach(this::remove);
    }
}
