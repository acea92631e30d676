package fyr.kernel.linux.route;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.linux.namespace.NetworkNamespace;
import java.util.Map;

/** Writes settings of single links. A new link gets its settings while it is down, when nobody can send through it yet. */
final class LinkSettings {

    private final NetworkNamespace namespace;

    /** The links of this namespace, which must stay open. */
    LinkSettings(NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    /** Writes all of them; one that the link does not have is passed over, see {@link #write(SysctlKey, String)}. */
    void write(Map<SysctlKey, String> settings) {
        namespace.run(() -> settings.forEach(LinkSettings::write));
    }

    /**
     * Writes a setting of a link, on a thread in the right namespace. The link may lack the family (ipv6.disable=1, or an MTU below 1280):
     * then nothing arrives on it that the setting is about.
     */
    static void write(SysctlKey key, String value) {
        try {
            SettingFiles.write(key.path(), value);
        } catch (KernelException refused) {
            if (!refused.errno().equals(Errno.ENOENT)) {
                throw refused;
            }
        }
    }
}
