package fyr.testkit;

import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.link.AddressKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.model.address.Family;

/** Permanent neighbours of a fake kernel. */
public final class FakeNeighbours extends FakeTable<NeighbourKey, Neighbour>
        implements FakeLinks.Follower, FakeAddresses.Follower {

    private final FakeLinks links;
    private final FakeAddresses addresses;

    FakeNeighbours(FakeLinks links, FakeAddresses addresses) {
        super(Tables.NEIGHBOURS);
        this.links = links;
        this.addresses = addresses;
        links.follow(this);
        addresses.follow(this);
    }

    @Override
    protected void change(Delta<NeighbourKey, Neighbour> delta) {
        FakeRefusals refusals = new FakeRefusals();
        delta.deletes().forEach(contents::remove);
        delta.upserts().forEach((key, value) -> {
            if (links.exists(key.link())) {
                contents.put(key, value);
            } else {
                refusals.absentLink("RTM_NEWNEIGH " + key, key.link());
            }
        });
        refusals.throwFirst();
    }

    /** Permanent ones, too (neigh_ifdown). */
    @Override
    public void down(String link) {
        contents.keySet().removeIf(key -> key.link().equals(link));
    }

    /** Permanent ones, too (neigh_changeaddr). */
    @Override
    public void readdressed(String link) {
        down(link);
    }

    /** A link without IPv4 addresses has no IPv4 neighbours (arp_ifdown). */
    @Override
    public void removed(AddressKey address) {
        if (address.address().family() == Family.IPV4 && !addresses.hasAny(address.link(), Family.IPV4)) {
            contents.keySet()
                    .removeIf(key ->
                            key.link().equals(address.link()) && key.address().family() == Family.IPV4);
        }
    }
}
