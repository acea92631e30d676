package fyr.kernel.linux.ipvs;

import static fyr.kernel.linux.ipvs.Ipvs.CTRL_ATTR_FAMILY_ID;
import static fyr.kernel.linux.ipvs.Ipvs.CTRL_ATTR_FAMILY_NAME;
import static fyr.kernel.linux.ipvs.Ipvs.CTRL_CMD_GETFAMILY;
import static fyr.kernel.linux.ipvs.Ipvs.GENL_HDRLEN;
import static fyr.kernel.linux.ipvs.Ipvs.GENL_ID_CTRL;
import static fyr.kernel.linux.ipvs.Ipvs.IPVS_CMD_GET_INFO;
import static fyr.kernel.linux.ipvs.Ipvs.IPVS_GENL_NAME;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.netlink.Attribute;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import java.util.Optional;
import java.util.Set;

/**
 * The number of the generic netlink family of IPVS, which differs from kernel to kernel, and changes when the module is loaded again. So it is
 * asked for each time.
 */
public final class IpvsFamily {

    /** Those that kube-proxy's documentation has loaded by hand. */
    private static final String MODPROBE = "modprobe -a ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh nf_conntrack";

    private final NetlinkSocket socket;

    /** @param socket of NETLINK_GENERIC */
    public IpvsFamily(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * The number, if IPVS is there already and this process may use it. A listing of all families loads no module. Whoever is root of a user
     * namespace only may not even read (GENL_ADMIN_PERM in ip_vs_genl_ops), and so has written nothing.
     */
    Optional<Integer> present() {
        return socket.dump("CTRL_CMD_GETFAMILY", question(), IpvsFamily::read).stream()
                .findFirst()
                .filter(this::isPermitted);
    }

    /**
     * The number. If IPVS is a module, the kernel loads it when the family is asked for by its name (ctrl_getfamily in
     * net/netlink/genetlink.c).
     *
     * @throws KernelException ENOENT if the kernel has no IPVS, EPERM if this process may not use it; the message says what to do
     */
    public int require() {
        int number = socket.get(new Request(
                        "CTRL_CMD_GETFAMILY",
                        question().string(CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME),
                        Set.of(Errno.ENOENT)))
                .flatMap(IpvsFamily::read)
                .orElseThrow(() -> KernelException.unasked(
                        "IPVS",
                        Errno.ENOENT,
                        "the kernel has no IPVS, and could not load its modules; run " + MODPROBE
                                + " on the machine, or use another --service-mode"));
        if (!isPermitted(number)) {
            throw KernelException.unasked(
                    "IPVS",
                    Errno.EPERM,
                    "the kernel lets only root of the machine use it, not root of a user namespace; run as root, or use another --service-mode");
        }
        return number;
    }

    private boolean isPermitted(int number) {
        return socket.get(new Request(
                        "IPVS_CMD_GET_INFO",
                        VirtualServerMessages.start(number, IPVS_CMD_GET_INFO),
                        Set.of(Errno.EPERM)))
                .isPresent();
    }

    private static MessageWriter question() {
        return MessageWriter.of(GENL_ID_CTRL, 0)
                .put8(CTRL_CMD_GETFAMILY)
                .put8(1)
                .put16(0);
    }

    /** The number in an answer about IPVS; empty for other families. */
    static Optional<Integer> read(Message message) {
        Attributes attributes = message.attributes(GENL_HDRLEN);
        return attributes
                .string(CTRL_ATTR_FAMILY_NAME)
                .filter(IPVS_GENL_NAME::equals)
                .flatMap(_ -> attributes.get(CTRL_ATTR_FAMILY_ID))
                .map(Attribute::u16);
    }
}
