package fyr.linux.route;

import fyr.kernel.Delta;
import fyr.kernel.KernelTable;
import fyr.kernel.link.SysctlKey;
import fyr.linux.namespace.NetworkNamespace;
import fyr.linux.netlink.Failures;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Settings under /proc/sys/net of one namespace. The kernel takes the namespace from the thread that opens such a file, so they are opened
 * on a thread in the namespace. A setting cannot be deleted: deleting only forgets it.
 */
public final class SysctlTable implements KernelTable<SysctlKey, String> {

    private static final SysctlKey IPV6_FORWARDING = new SysctlKey("net/ipv6/conf/all/forwarding");

    private final NetworkNamespace namespace;
    private final SortedMap<SysctlKey, String> applied = new TreeMap<>();

    /** The settings of this namespace, which must stay open. */
    public SysctlTable(NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    @Override
    public String name() {
        return "sysctls";
    }

    /** The values of all keys that were ever applied. If a link does not have a setting, it counts as correct. */
    @Override
    public SortedMap<SysctlKey, String> list() {
        return read(applied);
    }

    @Override
    public SortedMap<SysctlKey, String> read(SortedSet<SysctlKey> keys) {
        SortedMap<SysctlKey, String> some = new TreeMap<>(applied);
        some.keySet().retainAll(keys);
        return read(some);
    }

    private SortedMap<SysctlKey, String> read(SortedMap<SysctlKey, String> some) {
        SortedMap<SysctlKey, String> values = new TreeMap<>();
        if (!some.isEmpty()) {
            namespace.run(() -> some.forEach((key, wanted) -> {
                Optional<String> moot = key.isOfLink() ? Optional.of(wanted) : Optional.empty();
                SettingFiles.read(key.path()).or(() -> moot).ifPresent(value -> values.put(key, value));
            }));
        }
        return values;
    }

    @Override
    public void apply(Delta<SysctlKey, String> delta) {
        applied.keySet().removeAll(delta.deletes());
        applied.putAll(delta.upserts());
        if (!delta.upserts().isEmpty()) {
            Failures failures = new Failures();
            namespace.run(() -> delta.upserts().forEach((key, value) -> failures.attempt(() -> write(key, value))));
            failures.throwFirst();
        }
    }

    private static void write(SysctlKey key, String value) {
        if (key.isOfLink()) {
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
