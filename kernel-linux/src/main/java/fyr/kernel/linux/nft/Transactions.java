package fyr.kernel.linux.nft;

import static fyr.kernel.linux.netlink.Netlink.NLM_F_ACK;
import static fyr.kernel.linux.nft.NfTables.NFGENMSG;
import static fyr.kernel.linux.nft.NfTables.NFNL_BATCH_GENID;
import static fyr.kernel.linux.nft.NfTables.NFNL_MSG_BATCH_BEGIN;
import static fyr.kernel.linux.nft.NfTables.NFNL_MSG_BATCH_END;
import static fyr.kernel.linux.nft.NfTables.NFTA_GEN_ID;
import static fyr.kernel.linux.nft.NfTables.NFT_MSG_GETGEN;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.netlink.Acknowledgement;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import fyr.model.address.Family;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Sends transactions. The kernel works on all messages of a batch within the call that sends it, and either makes all of the changes at
 * one instant or none (nfnetlink_rcv_batch). It reports every refused message, asked or not; an acknowledgement is asked for with the
 * last message only, as proof that all reports were read. Kernels before 6.10 do not acknowledge the end of a batch itself.
 *
 * <p>A batch has to fit the socket's send buffer. Without CAP_NET_ADMIN in the first user namespace that is bounded by
 * net.core.wmem_max, so that a large change becomes several transactions; see {@link #commit}.
 */
final class Transactions {

    private final NetlinkSocket socket;
    private int limit = Integer.MAX_VALUE;

    Transactions(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Number of the latest transaction of anybody in this network namespace. */
    int generation() {
        return socket.get(Request.of("NFT_MSG_GETGEN", Messages.start(NFT_MSG_GETGEN, 0, Family.IPV4)))
                .flatMap(message -> message.attributes(NFGENMSG).get(NFTA_GEN_ID))
                .orElseThrow(() -> KernelException.unasked("NFT_MSG_GETGEN", Errno.EINVAL, "no number in the answer"))
                .be32();
    }

    /**
     * Makes all steps at one instant or, if they are too large for that, in several transactions of consecutive steps; the first that is
     * refused is the last that is tried.
     *
     * @param generation that the steps were worked out from; if anybody made a transaction since, the answer is ERESTART
     * @return why nothing was done (of the last transaction tried); empty if all is done
     */
    List<Refusal> commit(List<Step> steps, OptionalInt generation) {
        while (true) {
            try {
                return commitParts(steps, generation);
            } catch (KernelException refused) {
                int size =
                        steps.stream().mapToInt(step -> step.message().length).sum();
                if (!refused.errno().equals(Errno.EMSGSIZE) || limit < 4096) {
                    throw refused;
                }
                limit = Math.min(limit, size) / 2;
            }
        }
    }

    private List<Refusal> commitParts(List<Step> steps, OptionalInt generation) {
        OptionalInt expected = generation;
        for (int from = 0; from < steps.size(); ) {
            int to = end(steps, from);
            List<Refusal> refusals = commitOne(steps.subList(from, to), expected);
            if (!refusals.isEmpty()) {
                return refusals;
            }
            from = to;
            expected = OptionalInt.empty();
        }
        return List.of();
    }

    /** As many steps as fit, but no step without one that it is joined to. */
    private int end(List<Step> steps, int from) {
        int bytes = 0;
        int end = from;
        for (int i = from; i < steps.size(); i++) {
            bytes += steps.get(i).message().length;
            if (bytes > limit && end > from) {
                return end;
            }
            if (i + 1 == steps.size() || !steps.get(i + 1).joined()) {
                end = i + 1;
            }
        }
        return steps.size();
    }

    private List<Refusal> commitOne(List<Step> steps, OptionalInt generation) {
        int first = socket.sequences(steps.size() + 2);
        String operation = "transaction of " + steps.size() + " messages from "
                + steps.getFirst().operation();
        List<Acknowledgement> answers = socket.batch(operation, batch(steps, generation, first), first + steps.size());
        List<Refusal> refusals = new ArrayList<>();
        boolean complete = false;
        for (Acknowledgement answer : answers) {
            int index = answer.sequence() - first - 1;
            if (index == -1 && !answer.isSuccess()) {
                throw answer.failure(operation);
            }
            complete |= index == steps.size() - 1;
            if (index >= 0 && index < steps.size() && !answer.isSuccess()) {
                refusals.add(new Refusal(steps.get(index), answer.errno(), answer.text()));
            }
        }
        if (!complete && refusals.isEmpty()) {
            throw KernelException.unasked(operation, Errno.ETIMEDOUT, "no acknowledgement");
        }
        return refusals;
    }

    /** The bytes of a batch whose first message has this sequence number. */
    static byte[] batch(List<Step> steps, OptionalInt generation, int first) {
        MessageWriter begin = Messages.batch(NFNL_MSG_BATCH_BEGIN);
        generation.ifPresent(number -> begin.be32(NFNL_BATCH_GENID, number));
        List<byte[]> messages = new ArrayList<>();
        messages.add(begin.toBytes());
        steps.forEach(step -> messages.add(step.message()));
        messages.add(Messages.batch(NFNL_MSG_BATCH_END).toBytes());
        ByteBuffer all = ByteBuffer.allocate(
                        messages.stream().mapToInt(message -> message.length).sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < messages.size(); i++) {
            int at = all.position();
            all.put(messages.get(i)).putInt(at + 8, first + i);
            if (i == messages.size() - 2) {
                all.putShort(at + 6, (short) (all.getShort(at + 6) | NLM_F_ACK));
            }
        }
        return all.array();
    }
}
