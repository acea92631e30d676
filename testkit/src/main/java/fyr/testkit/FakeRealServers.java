package fyr.testkit;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.RealServer;
import fyr.kernel.ipvs.RealServerKey;

/** The real servers of a fake kernel. Nobody is connected to them, so each goes at once. */
public final class FakeRealServers extends FakeTable<RealServerKey, RealServer> {

    private final FakeVirtualServers servers;

    FakeRealServers(FakeVirtualServers servers) {
        super(Tables.REAL_SERVERS);
        this.servers = servers;
        servers.removed =
                server -> contents.keySet().removeIf(key -> key.server().equals(server));
    }

    @Override
    protected void change(Delta<RealServerKey, RealServer> delta) {
        FakeRefusals refusals = new FakeRefusals();
        delta.deletes().forEach(contents::remove);
        delta.upserts().forEach((key, server) -> {
            if (servers.contents.containsKey(key.server())) {
                contents.put(key, server);
            } else {
                refusals.add("IPVS_CMD_NEW_DEST " + key, Errno.ESRCH);
            }
        });
        refusals.throwFirst();
    }
}
