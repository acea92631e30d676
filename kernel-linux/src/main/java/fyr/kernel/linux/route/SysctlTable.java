package fyr.kernel.linux.route;

import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFINFOMSG;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_IFNAME;

import fyr.kernel.Delta;
import fyr.kernel.KernelTable;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.Failures;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.NetlinkSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Settings under /proc/sys/net of one namespace. The kernel takes the namespace from the thread that opens such a file, so they are opened
 * on a thread in the namespace. Settings of links are read without their files, all at once ({@link ReportedSetting}). A setting cannot be
 * deleted: deleting only forgets it.
 */
public final class SysctlTable implements KernelTable<SysctlKey, String> {

    private static final SysctlKey IPV6_FORWARDING = new SysctlKey("net/ipv6/conf/all/forwarding");

    private final TableId<SysctlKey, String> id;
    private final NetlinkSocket socket;
    private final NetworkNamespace namespace;

    /** What was applied and is read from files. */
    private final SortedMap<SysctlKey, String> inFiles = new TreeMap<>();

    /** What was applied and is reported with links. */
    private final SortedMap<SysctlKey, String> reported = new TreeMap<>();

    /** The same by the names of the links. */
    private final Map<String, Map<ReportedSetting, Wanted>> byLink = new HashMap<>();

    private record Wanted(SysctlKey key, String value) {}

    /** The settings of this namespace, which must stay open and be the socket's. */
    private SysctlTable(TableId<SysctlKey, String> id, NetlinkSocket socket, NetworkNamespace namespace) {
        this.id = id;
        this.socket = socket;
        this.namespace = namespace;
    }

    /** Those of the node in general, and of its links. */
    public static SysctlTable ofTheNode(NetlinkSocket socket, NetworkNamespace namespace) {
        return new SysctlTable(Tables.SYSCTLS, socket, namespace);
    }

    /** Those of IPVS. */
    public static SysctlTable ofIpvs(NetlinkSocket socket, NetworkNamespace namespace) {
        return new SysctlTable(Tables.IPVS_SETTINGS, socket, namespace);
    }

    @Override
    public TableId<SysctlKey, String> id() {
        return id;
    }

    /** The values of all keys that were ever applied. If a link does not have a setting, it counts as correct. */
    @Override
    public SortedMap<SysctlKey, String> list() {
        SortedMap<SysctlKey, String> values = new TreeMap<>(reported);
        if (!reported.isEmpty()) {
            socket.dump("RTM_GETLINK", KernelLink.question(), link -> {
                read(link, values);
                return Optional.empty();
            });
        }
        if (!inFiles.isEmpty()) {
            namespace.run(() -> inFiles.forEach((key, wanted) -> {
                Optional<String> moot = key.ofLink().map(_ -> wanted);
                SettingFiles.read(key.path()).or(() -> moot).ifPresent(value -> values.put(key, value));
            }));
        }
        return values;
    }

    private void read(Message link, SortedMap<SysctlKey, String> values) {
        Attributes attributes = link.attributes(IFINFOMSG);
        Map<ReportedSetting, Wanted> wanted =
                attributes.string(IFLA_IFNAME).map(byLink::get).orElse(Map.of());
        if (!wanted.isEmpty()) {
            ReportedSetting.Arrays arrays = ReportedSetting.Arrays.of(attributes);
            wanted.forEach((setting, applied) -> setting.in(arrays)
                    .filter(value -> !value.equals(applied.value()))
                    .ifPresent(value -> values.put(applied.key(), value)));
        }
    }

    @Override
    public void apply(Delta<SysctlKey, String> delta) {
        delta.deletes().forEach(this::forget);
        delta.upserts().forEach(this::remember);
        if (!delta.upserts().isEmpty()) {
            Failures failures = new Failures();
            namespace.run(() -> delta.upserts().forEach((key, value) -> failures.attempt(() -> write(key, value))));
            failures.throwFirst();
        }
    }

    private void remember(SysctlKey key, String value) {
        Optional<SysctlKey.OfLink> ofLink = key.ofLink();
        Optional<ReportedSetting> setting = ofLink.flatMap(ReportedSetting::of);
        if (ofLink.isPresent() && setting.isPresent()) {
            reported.put(key, value);
            byLink.computeIfAbsent(ofLink.get().link(), _ -> new HashMap<>())
                    .put(setting.get(), new Wanted(key, value));
        } else {
            inFiles.put(key, value);
        }
    }

    private void forget(SysctlKey key) {
        inFiles.remove(key);
        reported.remove(key);
        key.ofLink().ifPresent(of -> {
            Map<ReportedSetting, Wanted> left = new HashMap<>(byLink.getOrDefault(of.link(), Map.of()));
            ReportedSetting.of(of).ifPresent(left::remove);
            if (left.isEmpty()) {
                byLink.remove(of.link());
            } else {
                byLink.put(of.link(), left);
            }
        });
    }

    private static void write(SysctlKey key, String value) {
        if (key.ofLink().isPresent()) {
            LinkSettings.write(key, value);
            return;
        }
        boolean begins =
                key.equals(IPV6_FORWARDING) && !SettingFiles.read(key.path()).equals(Optional.of(value));
        if (begins) {
            RouterAdvertisements.keep();
        }
        SettingFiles.write(key.path(), value);
    }
}
