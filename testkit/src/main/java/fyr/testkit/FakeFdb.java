package fyr.testkit;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.Tables;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;

/** The forwarding databases of a fake kernel's tunnels. */
public final class FakeFdb extends FakeTable<FdbKey, FdbEntry> implements FakeLinks.Follower {

    private final FakeLinks links;

    FakeFdb(FakeLinks links) {
        super(Tables.FDB);
        this.links = links;
        links.follow(this);
    }

    @Override
    protected void change(Delta<FdbKey, FdbEntry> delta) {
        FakeRefusals refusals = new FakeRefusals();
        delta.deletes().forEach(contents::remove);
        delta.upserts().forEach((key, entry) -> {
            if (!links.exists(key.link())) {
                refusals.absentLink("RTM_NEWNEIGH " + key, key.link());
            } else if (isOtherFamily(key, entry)) {
                refusals.add("RTM_NEWNEIGH " + key, Errno.EAFNOSUPPORT);
            } else {
                contents.put(key, entry);
            }
        });
        refusals.throwFirst();
    }

    /** A tunnel has one socket, for the family of its own address. */
    private boolean isOtherFamily(FdbKey key, FdbEntry entry) {
        return links.tunnel(key.link())
                .filter(tunnel -> tunnel.local().family() != entry.remote().family())
                .isPresent();
    }

    @Override
    public void deleted(String link) {
        contents.keySet().removeIf(key -> key.link().equals(link));
    }
}
