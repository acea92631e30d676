package fyr.kernel.linux.netlink;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import java.util.OptionalInt;

/**
 * The kernel's answer to one message.
 *
 * @param sequence of the message that it answers
 * @param errno 0 if the message was obeyed
 * @param text the kernel's explanation (NLMSGERR_ATTR_MSG and what it points at), empty if it gave none
 */
public record Acknowledgement(int sequence, Errno errno, String text) {

    /** Whether the message was obeyed. */
    public boolean isSuccess() {
        return errno.number() == 0;
    }

    /** What to throw when it was not. */
    public KernelException failure(String operation) {
        return new KernelException(operation, errno, text);
    }

    /** Reads NLMSG_ERROR (struct nlmsgerr and what follows) or the end of a dump (a number and what follows). */
    static Acknowledgement of(Message message) {
        int error = message.payload().limit() < 4 ? 0 : message.u32(0);
        return new Acknowledgement(message.sequence(), new Errno(-error), text(message));
    }

    private static String text(Message message) {
        if ((message.flags() & Netlink.NLM_F_ACK_TLVS) == 0) {
            return "";
        }
        int header = 4;
        if (message.type() == Netlink.NLMSG_ERROR) {
            // The header of the refused message comes back, and all of it unless the kernel was asked to leave that
            // out.
            header +=
                    (message.flags() & Netlink.NLM_F_CAPPED) == 0 ? Math.max(message.u32(4), 0) : Netlink.NLMSG_HDRLEN;
        }
        return words(message.attributes(header));
    }

    /** Some refusals name no reason but an attribute: where the refused one begins in the message, or the type of one that is missing. */
    private static String words(Attributes said) {
        OptionalInt missing = said.u32(Netlink.NLMSGERR_ATTR_MISS_TYPE);
        OptionalInt offset = said.u32(Netlink.NLMSGERR_ATTR_OFFS);
        return said.string(Netlink.NLMSGERR_ATTR_MSG)
                .orElse(
                        missing.isPresent()
                                ? "attribute " + missing.getAsInt() + " is missing"
                                : offset.isPresent() ? "the attribute at byte " + offset.getAsInt() : "");
    }
}
