package fyr.linux.route;

import static java.nio.charset.StandardCharsets.US_ASCII;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.kernel.link.SysctlKey;
import fyr.linux.libc.Descriptor;
import fyr.linux.libc.Files;
import fyr.linux.namespace.NetworkNamespace;
import fyr.linux.netlink.Failures;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Settings under /proc/sys/net of one namespace. The kernel looks at which thread opens such a file, so they are opened on a thread in the
 * namespace. A setting cannot be deleted: deleting only forgets it.
 */
public final class SysctlTable implements KernelTable<SysctlKey, String> {

    private static final Path ROOT = Path.of("/proc/sys");
    private static final int LONGEST = 4096;

    private final NetworkNamespace namespace;
    private final SortedSet<SysctlKey> applied = new TreeSet<>();

    /** The settings of this namespace, which must stay open. */
    public SysctlTable(NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    @Override
    public String name() {
        return "sysctls";
    }

    /** The values of all keys that were ever applied, white space between numbers as single blanks; those of links that went are left out. */
    @Override
    public SortedMap<SysctlKey, String> list() {
        SortedMap<SysctlKey, String> values = new TreeMap<>();
        if (!applied.isEmpty()) {
            namespace.run(() -> applied.forEach(key -> read(key, values)));
        }
        return values;
    }

    private static void read(SysctlKey key, SortedMap<SysctlKey, String> values) {
        try (Descriptor file = Files.open(ROOT.resolve(key.path()), Files.O_RDONLY)) {
            values.put(
                    key, new String(Files.read(file, LONGEST), US_ASCII).strip().replaceAll("\\s+", " "));
        } catch (KernelException refused) {
            if (!refused.errno().equals(Errno.ENOENT)) {
                throw refused;
            }
        }
    }

    @Override
    public void apply(Delta<SysctlKey, String> delta) {
        applied.removeAll(delta.deletes());
        applied.addAll(delta.upserts().keySet());
        if (!delta.upserts().isEmpty()) {
            Failures failures = new Failures();
            namespace.run(() -> delta.upserts().forEach((key, value) -> failures.attempt(() -> write(key, value))));
            failures.throwFirst();
        }
    }

    private static void write(SysctlKey key, String value) {
        try (Descriptor file = Files.open(ROOT.resolve(key.path()), Files.O_WRONLY)) {
            Files.write(file, value.getBytes(US_ASCII));
        }
    }
}
