package fyr.testkit;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.Tables;
import fyr.kernel.link.Link;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The links of a fake kernel: those of the table, and those that others made. Tells the other tables what happens to a link. */
public final class FakeLinks extends FakeTable<String, Link> {

    /** IFNAMSIZ without the NUL. */
    private static final int LONGEST_NAME = 15;

    private static final Errno ERANGE = new Errno(34);

    /** What a table does when something happens to a link, like the kernel's notifiers (NETDEV_DOWN, NETDEV_CHANGEADDR, NETDEV_UNREGISTER). */
    public interface Follower {

        /** The link goes down; it may be deleted afterwards. */
        default void down(String link) {}

        /** Its Ethernet address changes. */
        default void readdressed(String link) {}

        /** It is deleted. */
        default void deleted(String link) {}

        /** It is made. */
        default void made(String link) {}
    }

    private final List<Follower> followers = new CopyOnWriteArrayList<>();

    /** Links that are not part of the table. */
    private final Set<String> others = ConcurrentHashMap.newKeySet();

    /** What links of the table were before they were set down, and other links that are down. */
    private final Map<String, Link> down = new ConcurrentHashMap<>();

    FakeLinks() {
        super(Tables.LINKS);
    }

    void follow(Follower follower) {
        followers.add(follower);
    }

    /** Makes a link that is not one of the table, such as a pod's, and sets it up. */
    public void addOther(String name) {
        others.add(name);
        followers.forEach(follower -> follower.made(name));
    }

    /** Deletes a link, as an administrator would. */
    public void delete(String name) {
        if (exists(name)) {
            followers.forEach(follower -> follower.down(name));
            followers.forEach(follower -> follower.deleted(name));
            others.remove(name);
            down.remove(name);
            contents.remove(name);
        }
    }

    /** Sets a link down, as an administrator would. */
    public void setDown(String name) {
        down.put(name, contents.getOrDefault(name, new Link.Foreign("")));
        contents.computeIfPresent(name, (_, _) -> new Link.Foreign("vxlan, down"));
        followers.forEach(follower -> follower.down(name));
    }

    boolean exists(String name) {
        return others.contains(name) || contents.containsKey(name);
    }

    boolean isUp(String name) {
        return exists(name) && !down.containsKey(name);
    }

    /** The tunnel of that name, whether it is up or not. */
    Optional<Link.Vxlan> tunnel(String name) {
        Link link = down.getOrDefault(name, contents.getOrDefault(name, new Link.Foreign("")));
        return link instanceof Link.Vxlan vxlan ? Optional.of(vxlan) : Optional.empty();
    }

    @Override
    protected void change(Delta<String, Link> delta) {
        FakeRefusals refusals = new FakeRefusals();
        delta.deletes().forEach(name -> {
            if (isTooLong(name)) {
                refusals.add("RTM_DELLINK " + name, ERANGE);
            } else {
                delete(name);
            }
        });
        delta.upserts().forEach((name, link) -> {
            switch (link) {
                case Link.Vxlan vxlan -> put(name, vxlan, refusals);
                case Link.Foreign foreign -> throw new IllegalArgumentException(name + ": nobody can plan " + foreign);
            }
        });
        refusals.throwFirst();
    }

    private void put(String name, Link.Vxlan wanted, FakeRefusals refusals) {
        Optional<Link.Vxlan> existing = tunnel(name).filter(is -> isSameTunnel(is, wanted));
        if (existing.isEmpty()) {
            delete(name);
        }
        if (isTooLong(name)) {
            refusals.add("RTM_DELLINK " + name, ERANGE);
        } else if (contents.keySet().stream().anyMatch(other -> !other.equals(name) && isTaken(other, wanted))) {
            refusals.add("RTM_NEWLINK " + name, Errno.EEXIST);
        } else {
            down.remove(name);
            contents.put(name, wanted);
            if (existing.isEmpty()) {
                followers.forEach(follower -> follower.made(name));
            } else if (!existing.get().mac().equals(wanted.mac())) {
                followers.forEach(follower -> follower.readdressed(name));
            }
        }
    }

    private static boolean isTooLong(String name) {
        return name.length() > LONGEST_NAME;
    }

    private static boolean isSameTunnel(Link.Vxlan one, Link.Vxlan other) {
        return one.vni() == other.vni()
                && one.port() == other.port()
                && one.local().equals(other.local());
    }

    /** The kernel tells the tunnel of a packet by its VNI, port and family. */
    private boolean isTaken(String other, Link.Vxlan wanted) {
        return tunnel(other)
                .filter(is -> is.vni() == wanted.vni()
                        && is.port() == wanted.port()
                        && is.local().family() == wanted.local().family())
                .isPresent();
    }
}
