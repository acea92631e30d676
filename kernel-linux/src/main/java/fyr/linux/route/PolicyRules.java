package fyr.linux.route;

import static fyr.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.linux.netlink.Netlink.NLM_F_EXCL;

import fyr.kernel.Errno;
import fyr.kernel.route.Route;
import fyr.linux.netlink.Attributes;
import fyr.linux.netlink.Message;
import fyr.linux.netlink.MessageWriter;
import fyr.linux.netlink.NetlinkSocket;
import fyr.linux.netlink.Request;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Policy routing rules of our protocol number (include/uapi/linux/fib_rules.h, FRA_PROTOCOL since Linux 4.17). */
public final class PolicyRules {

    private static final int RTM_NEWRULE = 32;
    private static final int RTM_DELRULE = 33;
    private static final int RTM_GETRULE = 34;
    private static final int FIB_RULE_HDR = 12;
    private static final int FR_ACT_TO_TBL = 1;
    private static final int FRA_SRC = 2;
    private static final int FRA_PRIORITY = 6;
    private static final int FRA_FWMARK = 10;
    private static final int FRA_TABLE = 15;
    private static final int FRA_FWMASK = 16;
    private static final int FRA_PROTOCOL = 21;

    private final NetlinkSocket socket;

    /** The rules of the socket's namespace. */
    public PolicyRules(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Our rules of both families, in the kernel's order. */
    public List<PolicyRule> list() {
        List<PolicyRule> rules = new ArrayList<>();
        for (Family family : Family.values()) {
            MessageWriter question = MessageWriter.of(RTM_GETRULE, 0)
                    .put8(Rtnetlink.addressFamily(family))
                    .put(new byte[FIB_RULE_HDR - 1]);
            rules.addAll(socket.dump("RTM_GETRULE", question, message -> read(family, message)));
        }
        return rules;
    }

    private static Optional<PolicyRule> read(Family family, Message message) {
        Attributes attributes = message.attributes(FIB_RULE_HDR);
        if (attributes.u8(FRA_PROTOCOL).orElse(0) != Route.PROTOCOL || message.u8(7) != FR_ACT_TO_TBL) {
            return Optional.empty();
        }
        int sourceLength = message.u8(2);
        return Optional.of(new PolicyRule(
                family,
                attributes.u32(FRA_PRIORITY).orElse(0),
                attributes.bytes(FRA_SRC).map(bytes -> Prefix.containing(IpAddress.of(bytes), sourceLength)),
                attributes.u32(FRA_FWMARK).orElse(0),
                attributes.u32(FRA_FWMASK).orElse(0),
                attributes.u32(FRA_TABLE).orElse(message.u8(4))));
    }

    /** Adds a rule; one that is there already is no error. */
    public void add(PolicyRule rule) {
        socket.request(request(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, rule, Errno.EEXIST));
    }

    /** Deletes a rule of our protocol; absence is no error. */
    public void delete(PolicyRule rule) {
        socket.request(request(RTM_DELRULE, 0, rule, Errno.ENOENT));
    }

    private static Request request(int type, int flags, PolicyRule rule, Errno tolerated) {
        MessageWriter message = MessageWriter.of(type, flags)
                .put8(Rtnetlink.addressFamily(rule.family()))
                .put8(0)
                .put8(rule.source().map(Prefix::length).orElse(0))
                .put32(0)
                .put8(FR_ACT_TO_TBL)
                .put32(0)
                .u32(FRA_PRIORITY, rule.priority())
                .u32(FRA_TABLE, rule.table())
                .u8(FRA_PROTOCOL, Route.PROTOCOL);
        rule.source()
                .ifPresent(source -> message.bytes(FRA_SRC, source.address().toBytes()));
        if (rule.mask() != 0) {
            message.u32(FRA_FWMARK, rule.mark()).u32(FRA_FWMASK, rule.mask());
        }
        String operation = (type == RTM_NEWRULE ? "RTM_NEWRULE " : "RTM_DELRULE ") + rule.priority();
        return new Request(operation, message, Set.of(tolerated));
    }
}
