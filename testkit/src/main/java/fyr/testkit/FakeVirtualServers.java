package fyr.testkit;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.VirtualServer;
import fyr.kernel.ipvs.VirtualServerKey;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;

/** The virtual servers of a fake kernel. */
public final class FakeVirtualServers extends FakeTable<VirtualServerKey, VirtualServer> {

    /** Virtual servers that somebody else has made. */
    public final Set<VirtualServerKey> others = new ConcurrentSkipListSet<>();

    /** Called with each one that was removed. */
    Consumer<VirtualServerKey> removed = _ -> {};

    FakeVirtualServers() {
        super(Tables.VIRTUAL_SERVERS);
    }

    @Override
    protected void change(Delta<VirtualServerKey, VirtualServer> delta) {
        FakeRefusals refusals = new FakeRefusals();
        delta.deletes().forEach(key -> {
            contents.remove(key);
            removed.accept(key);
        });
        delta.upserts().forEach((key, server) -> {
            if (others.contains(key)) {
                refusals.add("IPVS_CMD_NEW_SERVICE " + key, Errno.EEXIST);
            } else {
                contents.put(key, server);
            }
        });
        refusals.throwFirst();
    }
}
