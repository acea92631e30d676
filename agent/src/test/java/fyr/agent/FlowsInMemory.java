package fyr.agent;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackUse;
import fyr.model.address.IpAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A connection tracking table in memory, which counts how often it is read and can refuse reads. */
final class FlowsInMemory implements Conntrack {

    volatile boolean refused;
    volatile int looks;
    volatile Runnable look = () -> {};
    volatile ConntrackUse use = new ConntrackUse(0, 1000, 0, 0, 0);
    private final Collection<ConntrackEntry> entries;

    FlowsInMemory(Collection<ConntrackEntry> entries) {
        this.entries = entries;
    }

    private int remove(Predicate<ConntrackEntry> which) {
        looks++;
        look.run();
        if (refused) {
            throw new KernelException("IPCTNL_MSG_CT_GET", Errno.EINTR, "");
        }
        int before = entries.size();
        entries.removeIf(which);
        return before - entries.size();
    }

    @Override
    public int delete(int protocol, Predicate<ConntrackEntry> which) {
        return remove(entry -> entry.original().protocol() == protocol && which.test(entry));
    }

    @Override
    public List<ConntrackEntry> find(int protocol, Predicate<ConntrackEntry> which) {
        looks++;
        return entries.stream()
                .filter(entry -> entry.original().protocol() == protocol && which.test(entry))
                .toList();
    }

    @Override
    public int deleteUnreplied(Duration patience, Predicate<ConntrackEntry> which) {
        return remove(entry -> !entry.replied() && which.test(entry));
    }

    @Override
    public int deleteOf(Set<IpAddress> addresses) {
        return remove(entry -> addresses.contains(entry.original().source()));
    }

    @Override
    public void sample(int most, Consumer<ConntrackEntry> each) {
        looks++;
        entries.stream().limit(most).forEach(each);
    }

    @Override
    public ConntrackUse use() {
        if (refused) {
            throw new KernelException("IPCTNL_MSG_CT_GET_STATS_CPU", Errno.EINTR, "");
        }
        return use;
    }
}
