package fyr.kernel.linux.nft;

import static fyr.kernel.linux.nft.NfTables.*;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.netlink.Attribute;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.Meters;
import fyr.kernel.nft.NftKey;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads meters through a socket of its own, so that it waits for no change, and no change waits for it. */
public final class MeterReader implements Meters, AutoCloseable {

    private static final int BUFFER = 256 << 10;
    private static final int NFTA_COUNTER_PACKETS = 2;

    private final NetlinkSocket socket;

    private MeterReader(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Opens one in the calling thread's network namespace. */
    public static MeterReader open() {
        return new MeterReader(NetlinkSocket.open(Netlink.NETLINK_NETFILTER, BUFFER));
    }

    @Override
    public synchronized Map<Bytes, Long> counts(NftKey.SetKey meter) {
        MessageWriter request = Messages.start(NFT_MSG_GETSETELEM, 0, meter.family())
                .string(NFTA_SET_ELEM_LIST_TABLE, NftKey.TABLE)
                .string(NFTA_SET_ELEM_LIST_SET, meter.set());
        Map<Bytes, Long> counts = new TreeMap<>();
        try {
            socket.dump("NFT_MSG_GETSETELEM " + meter, request, message -> {
                message.attributes(NFGENMSG)
                        .nested(NFTA_SET_ELEM_LIST_ELEMENTS)
                        .forEach(element -> count(element.nested(), counts));
                return Optional.empty();
            });
        } catch (KernelException refused) {
            if (!refused.errno().equals(Errno.ENOENT)) {
                throw refused;
            }
        }
        return counts;
    }

    private static void count(Attributes element, Map<Bytes, Long> counts) {
        Optional<byte[]> key = element.nested(NFTA_SET_ELEM_KEY).bytes(NFTA_DATA_VALUE);
        for (Attribute one : element.nested(NFTA_SET_ELEM_EXPRESSIONS)) {
            Attributes expression = one.nested();
            if (expression.string(NFTA_EXPR_NAME).equals(Optional.of("counter"))) {
                long packets = expression
                        .nested(NFTA_EXPR_DATA)
                        .be64(NFTA_COUNTER_PACKETS)
                        .orElse(0);
                key.ifPresent(bytes -> counts.put(Bytes.of(bytes), packets));
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
