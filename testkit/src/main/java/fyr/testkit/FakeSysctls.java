package fyr.testkit;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.TableId;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.link.UntrustedLink;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The settings of a fake kernel: those that Fyr writes, all of which are numbers. */
public final class FakeSysctls extends FakeTable<SysctlKey, String> implements FakeLinks.Follower {

    private static final Set<String> OF_NODE = Set.of(
            "net/ipv4/ip_forward",
            "net/ipv6/conf/all/forwarding",
            "net/netfilter/nf_conntrack_tcp_be_liberal",
            "net/ipv4/vs/conntrack",
            "net/ipv4/vs/expire_nodest_conn",
            "net/ipv4/vs/expire_quiescent_template",
            "net/ipv4/vs/drop_entry");

    /** What settings of links are until somebody writes them. */
    private static final Map<String, String> OF_NEW_LINK =
            Map.of("accept_redirects", "1", "accept_ra", "1", "arp_ignore", "0", "disable_ipv6", "0");

    private final Map<SysctlKey, String> written = new TreeMap<>();
    private final FakeLinks links;

    FakeSysctls(TableId<SysctlKey, String> id, FakeLinks links) {
        super(id);
        this.links = links;
        links.follow(this);
    }

    /** A setting cannot be deleted: deleting only forgets it. */
    @Override
    protected void change(Delta<SysctlKey, String> delta) {
        FakeRefusals refusals = new FakeRefusals();
        delta.deletes().forEach(key -> {
            written.remove(key);
            contents.remove(key);
        });
        delta.upserts().forEach((key, value) -> {
            Optional<SysctlKey.OfLink> ofLink = key.ofLink();
            boolean known = ofLink.map(SysctlKey.OfLink::name)
                    .map(OF_NEW_LINK::containsKey)
                    .orElse(OF_NODE.contains(key.path()));
            if (known && value.matches("-?[0-9]+")) {
                written.put(key, value);
                contents.put(key, value);
            } else if (known) {
                refusals.add("write /proc/sys/" + key, Errno.EINVAL);
            } else if (ofLink.isEmpty()) {
                refusals.add("open /proc/sys/" + key, Errno.ENOENT);
            }
        });
        refusals.throwFirst();
    }

    /** What was written counts as right while there is no link. */
    @Override
    public void deleted(String link) {
        written.forEach((key, value) -> {
            if (isOf(key, link)) {
                contents.put(key, value);
            }
        });
    }

    /** A tunnel of ours gets its settings with its creation. */
    @Override
    public void made(String link) {
        Map<SysctlKey, String> given = links.tunnel(link).isPresent() ? UntrustedLink.settingsOfTunnel(link) : Map.of();
        contents.replaceAll((key, value) -> isOf(key, link)
                ? given.getOrDefault(
                        key, key.ofLink().map(of -> OF_NEW_LINK.get(of.name())).orElse(value))
                : value);
    }

    private static boolean isOf(SysctlKey key, String link) {
        return key.ofLink().filter(of -> of.link().equals(link)).isPresent();
    }
}
