package fyr.linux.netlink;

import static fyr.linux.netlink.Netlink.NLMSG_DONE;
import static fyr.linux.netlink.Netlink.NLMSG_ERROR;
import static fyr.linux.netlink.Netlink.NLM_F_ACK;
import static fyr.linux.netlink.Netlink.NLM_F_DUMP;
import static fyr.linux.netlink.Netlink.NLM_F_DUMP_INTR;
import static fyr.linux.netlink.Netlink.NLM_F_REQUEST;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A socket for questions and changes. It belongs for ever to the network namespace of the thread that opened it, and may then be used
 * from any platform thread, one exchange at a time (others wait). The kernel works on a message within the call that sends it, so every
 * answer but the later parts of a dump is there when that call returns.
 */
public final class NetlinkSocket implements AutoCloseable {

    private static final int BUFFER = 4 << 20;
    private static final int CHUNK_MESSAGES = 128;
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int DUMP_ATTEMPTS = 20;
    private static final long TIMEOUT_SECONDS = 30;

    private final Transport transport;
    private int sequence;

    private NetlinkSocket(Transport transport) {
        this.transport = transport;
    }

    /** Opens one in the calling thread's network namespace. Extended acknowledgements and strict checking are on where the kernel has them. */
    public static NetlinkSocket open(int protocol) {
        return open(protocol, BUFFER);
    }

    /** As {@link #open(int)} with buffers of this many bytes, as far as the kernel allows; a batch must fit. */
    public static NetlinkSocket open(int protocol, int bufferBytes) {
        Transport transport = Transport.open(protocol, bufferBytes);
        transport.receiveTimeout(TIMEOUT_SECONDS);
        return new NetlinkSocket(transport);
    }

    /** The port that names this socket in notifications of changes made through it. */
    public int port() {
        return transport.port();
    }

    /** Reserves a number of consecutive sequence numbers for {@link #batch} and gives the first. */
    public synchronized int sequences(int count) {
        int first = sequence + 1;
        sequence += count;
        return first;
    }

    /** Makes one change and waits for its acknowledgement. */
    public void request(Request request) {
        requests(List.of(request));
    }

    /**
     * Makes changes in order, many with each system call. The kernel goes on after a refused one, so does this; the first refusal that is not
     * tolerated is thrown when all of its chunk has been tried, and later chunks are not sent.
     */
    public synchronized void requests(List<Request> requests) {
        for (int from = 0; from < requests.size(); ) {
            int to = from;
            List<byte[]> chunk = new ArrayList<>();
            for (int bytes = 0; to < requests.size() && to - from < CHUNK_MESSAGES && bytes < CHUNK_BYTES; to++) {
                byte[] message = requests.get(to).message().toBytes();
                bytes += message.length;
                chunk.add(message);
            }
            send(requests.subList(from, to), chunk);
            from = to;
        }
    }

    /** Errors are reported without being asked for, so only the last message asks for an acknowledgement: it proves that all were read. */
    private void send(List<Request> requests, List<byte[]> messages) {
        int first = sequences(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            stamp(messages.get(i), first + i, NLM_F_REQUEST | (i == messages.size() - 1 ? NLM_F_ACK : 0));
        }
        List<Acknowledgement> answers = batch(requests.getFirst().operation(), joined(messages));
        boolean complete = false;
        for (Acknowledgement answer : answers) {
            int index = answer.sequence() - first;
            if (index >= 0 && index < requests.size()) {
                complete |= index == requests.size() - 1;
                Request request = requests.get(index);
                if (!answer.isSuccess() && !request.tolerated().contains(answer.errno())) {
                    throw answer.failure(request.operation());
                }
            }
        }
        if (!complete) {
            throw new KernelException(requests.getLast().operation(), Errno.ETIMEDOUT, "no acknowledgement");
        }
    }

    /**
     * Sends messages as they are, in one system call, and gives all acknowledgements and errors that the kernel had for them, in its order.
     * nf_tables needs a whole transaction in one such call. Without NLM_F_ACK only errors are answered.
     *
     * @param operation for errors of sending and receiving
     * @throws KernelException ENOBUFS if there were more answers than the socket could hold
     */
    public synchronized List<Acknowledgement> batch(String operation, byte[] messages) {
        drain(operation);
        transport.send(operation, messages);
        return drain(operation).stream()
                .filter(message -> message.type() == NLMSG_ERROR)
                .map(Acknowledgement::of)
                .toList();
    }

    private List<Message> drain(String operation) {
        List<Message> messages = new ArrayList<>();
        for (Optional<byte[]> datagram = transport.receive(operation, false);
                datagram.isPresent();
                datagram = transport.receive(operation, false)) {
            messages.addAll(Message.parse(datagram.get()));
        }
        return messages;
    }

    /** Asks for one object; empty if the kernel answers with one of the errors that mean absence. */
    public synchronized Optional<Message> get(Request request) {
        int number = sequences(1);
        transport.send(request.operation(), stamp(request.message().toBytes(), number, NLM_F_REQUEST));
        for (Message message : drain(request.operation())) {
            if (message.sequence() == number && message.type() != NLMSG_ERROR) {
                return Optional.of(message);
            }
            Acknowledgement answer = Acknowledgement.of(message);
            if (message.sequence() == number && !request.tolerated().contains(answer.errno())) {
                throw answer.failure(request.operation());
            }
        }
        return Optional.empty();
    }

    /**
     * Lists objects. If the kernel says that they changed while it listed them, it is asked anew.
     *
     * @param reader gives what to keep of a message, or empty to leave it out; called again for what an attempt in vain had read
     * @throws KernelException if the kernel refuses, or EAGAIN if the objects never stood still
     */
    public synchronized <T> List<T> dump(
            String operation, MessageWriter request, Function<Message, Optional<T>> reader) {
        for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
            List<T> result = new ArrayList<>();
            int number = sequences(1);
            transport.send(operation, stamp(request.toBytes(), number, NLM_F_REQUEST | NLM_F_DUMP));
            if (read(operation, number, message -> reader.apply(message).ifPresent(result::add))) {
                return result;
            }
        }
        throw new KernelException(operation, Errno.EAGAIN, "changed during each of " + DUMP_ATTEMPTS + " listings");
    }

    /** Reads to the end of a dump, so that the next one can begin; whether it was consistent. */
    private boolean read(String operation, int number, java.util.function.Consumer<Message> each) {
        boolean consistent = true;
        while (true) {
            byte[] datagram = transport
                    .receive(operation, true)
                    .orElseThrow(() -> new KernelException(operation, Errno.ETIMEDOUT, "no answer"));
            for (Message message : Message.parse(datagram)) {
                if (message.sequence() != number) {
                    continue;
                }
                consistent &= (message.flags() & NLM_F_DUMP_INTR) == 0;
                if (message.type() == NLMSG_DONE || message.type() == NLMSG_ERROR) {
                    Acknowledgement end = Acknowledgement.of(message);
                    if (!end.isSuccess()) {
                        throw end.failure(operation);
                    }
                    return consistent;
                }
                if (consistent) {
                    each.accept(message);
                }
            }
        }
    }

    private static byte[] stamp(byte[] message, int number, int flags) {
        ByteBuffer header = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort(6, (short) (header.getShort(6) | flags)).putInt(8, number);
        return message;
    }

    private static byte[] joined(List<byte[]> messages) {
        ByteBuffer all = ByteBuffer.allocate(
                messages.stream().mapToInt(message -> message.length).sum());
        messages.forEach(all::put);
        return all.array();
    }

    @Override
    public synchronized void close() {
        transport.close();
    }
}
