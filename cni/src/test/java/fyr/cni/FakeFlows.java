package fyr.cni;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackUse;
import fyr.model.address.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A connection tracking table that knows only an address of each flow. */
final class FakeFlows implements Conntrack {

    final Set<IpAddress> flows = ConcurrentHashMap.newKeySet();
    final AtomicInteger looks = new AtomicInteger();
    volatile Runnable look = () -> {};
    volatile boolean refuses;

    @Override
    public int deleteOf(Set<IpAddress> addresses) {
        looks.incrementAndGet();
        look.run();
        if (refuses) {
            throw new KernelException("IPCTNL_MSG_CT_GET", Errno.EBUSY, "");
        }
        flows.removeAll(addresses);
        return 0;
    }

    @Override
    public int delete(int protocol, Predicate<ConntrackEntry> which) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ConntrackEntry> find(int protocol, Predicate<ConntrackEntry> which) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int deleteUnreplied(Duration patience, Predicate<ConntrackEntry> which) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void sample(int most, Consumer<ConntrackEntry> each) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ConntrackUse use() {
        throw new UnsupportedOperationException();
    }
}
