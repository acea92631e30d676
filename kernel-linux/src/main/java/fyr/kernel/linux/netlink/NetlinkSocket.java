package fyr.kernel.linux.netlink;

import static fyr.kernel.linux.netlink.Netlink.NLMSG_DONE;
import static fyr.kernel.linux.netlink.Netlink.NLMSG_ERROR;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_ACK;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_DUMP;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_DUMP_INTR;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_REQUEST;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A socket for requests and changes. It stays for ever in the network namespace of the thread that opened it, and may then be used from any
 * platform thread, one exchange at a time (others wait). The kernel processes a message within the call that sends it, so every answer
 * except the later parts of a dump is available when that call returns, in the order of the messages.
 */
public final class NetlinkSocket implements AutoCloseable {

    private static final int BUFFER = 4 << 20;
    private static final int CHUNK_MESSAGES = 128;
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int DUMP_ATTEMPTS = 20;
    private static final long TIMEOUT_SECONDS = 30;

    private final Transport transport;
    private int sequence;

    /** Whether the latest exchange was read to its end. */
    private boolean settled = true;

    private NetlinkSocket(Transport transport) {
        this.transport = transport;
    }

    /** Opens one in the calling thread's network namespace. Extended acknowledgements and strict checking are on where the kernel has them. */
    public static NetlinkSocket open(int protocol) {
        return open(protocol, BUFFER);
    }

    /** Like {@link #open(int)} with buffers of this many bytes, as far as the kernel allows; a batch must fit. */
    public static NetlinkSocket open(int protocol, int bufferBytes) {
        Transport transport = Transport.open(protocol, Transport.Room.of(bufferBytes));
        transport.receiveTimeout(TIMEOUT_SECONDS);
        return new NetlinkSocket(transport);
    }

    /** The port that names this socket in notifications of changes made through it. */
    public int port() {
        return transport.port();
    }

    /** Reserves a number of consecutive sequence numbers for {@link #batch} and returns the first. */
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
     * Makes changes in order, many with each system call. The kernel continues after a refused one, and so does this method: when all were
     * tried, the first refusal that is not tolerated is thrown.
     */
    public void requests(List<Request> requests) {
        Failures failures = new Failures();
        requests(requests, failures);
        failures.throwFirst();
    }

    /** The same, but the refusals are recorded and not thrown. */
    public void requests(List<Request> requests, Failures failures) {
        requests(requests, failures, (_, refusal) -> failures.add(refusal));
    }

    /**
     * The same, but refusals are passed to a consumer.
     *
     * @param failures records errors of the sending itself
     * @param refused is called for each refusal that is not tolerated, in the order of the kernel's answers
     */
    public synchronized void requests(
            List<Request> requests, Failures failures, BiConsumer<Request, KernelException> refused) {
        for (int from = 0; from < requests.size(); ) {
            int to = from;
            List<byte[]> chunk = new ArrayList<>();
            for (int bytes = 0; to < requests.size() && to - from < CHUNK_MESSAGES && bytes < CHUNK_BYTES; to++) {
                byte[] message = requests.get(to).message().toBytes();
                bytes += message.length;
                chunk.add(message);
            }
            List<Request> sent = requests.subList(from, to);
            failures.attempt(() -> send(sent, chunk, refused));
            from = to;
        }
    }

    /** Errors are reported without being requested, so only the last message asks for an acknowledgement: it proves that all were read. */
    private void send(List<Request> requests, List<byte[]> messages, BiConsumer<Request, KernelException> refused) {
        int first = sequences(messages.size());
        int last = first + messages.size() - 1;
        for (int i = 0; i < messages.size(); i++) {
            stamp(messages.get(i), first + i, NLM_F_REQUEST | (first + i == last ? NLM_F_ACK : 0));
        }
        boolean complete = false;
        for (Acknowledgement answer : batch(requests.getFirst().operation(), joined(messages), last)) {
            int index = answer.sequence() - first;
            if (index >= 0 && index < requests.size()) {
                complete |= answer.sequence() == last;
                Request request = requests.get(index);
                if (!answer.isSuccess() && !request.tolerated().contains(answer.errno())) {
                    refused.accept(request, answer.failure(request.operation()));
                }
            }
        }
        if (!complete) {
            throw KernelException.unasked(requests.getLast().operation(), Errno.ETIMEDOUT, "no acknowledgement");
        }
    }

    /**
     * Sends messages as they are, in one system call, and returns all acknowledgements and errors of the kernel, in its order. nf_tables
     * needs a whole transaction in one such call. Without NLM_F_ACK only errors are answered.
     *
     * @param operation for errors of sending and receiving
     * @param last sequence number of the message whose answer is the last: the last one with NLM_F_ACK
     * @throws KernelException ENOBUFS if there were more answers than the socket could hold
     */
    public synchronized List<Acknowledgement> batch(String operation, byte[] messages, int last) {
        begin(operation, messages);
        List<Acknowledgement> answers = new ArrayList<>();
        while (!settled) {
            for (Message message : received(operation)) {
                if (message.type() == NLMSG_ERROR) {
                    answers.add(Acknowledgement.of(message));
                    settled |= message.sequence() == last;
                }
            }
        }
        return answers;
    }

    private void begin(String operation, byte[] messages) {
        settle(operation);
        settled = false;
        transport.send(operation, messages);
    }

    /** The messages of a datagram; none and settled if there is no more. */
    private List<Message> received(String operation) {
        Optional<byte[]> datagram = transport.receive(operation, false);
        settled = datagram.isEmpty();
        return datagram.map(Message::parse).orElse(List.of());
    }

    /** Reads the rest of an exchange that was interrupted. During a listing the kernel starts no other (EBUSY of __netlink_dump_start). */
    private void settle(String operation) {
        while (!settled) {
            try {
                settled = transport.receive(operation, false).isEmpty();
            } catch (KernelException lost) {
                if (!lost.errno().equals(Errno.ENOBUFS)) {
                    throw lost;
                }
            }
        }
    }

    /** Asks for one object; empty if the kernel answers with one of the errors that mean absence. */
    public synchronized Optional<Message> get(Request request) {
        int number = sequences(1);
        begin(request.operation(), stamp(request.message().toBytes(), number, NLM_F_REQUEST));
        while (!settled) {
            for (Message message : received(request.operation())) {
                if (message.sequence() == number) {
                    settled = true;
                    return answer(request, message);
                }
            }
        }
        throw KernelException.unasked(request.operation(), Errno.ETIMEDOUT, "no answer");
    }

    /**
     * Sends many requests, a number of them with each system call, each of which is answered by one message or by a refusal.
     *
     * @param answered called for each request that has an answer, with its index; refused requests are skipped
     */
    public synchronized void getEach(
            String operation, List<MessageWriter> questions, BiConsumer<Integer, Message> answered) {
        for (int from = 0; from < questions.size(); from += CHUNK_MESSAGES) {
            int to = Math.min(from + CHUNK_MESSAGES, questions.size());
            getSome(operation, questions, from, to, answered);
        }
    }

    private void getSome(
            String operation, List<MessageWriter> questions, int from, int to, BiConsumer<Integer, Message> answered) {
        int first = sequences(to - from);
        List<byte[]> messages = new ArrayList<>();
        for (int i = from; i < to; i++) {
            messages.add(stamp(questions.get(i).toBytes(), first + i - from, NLM_F_REQUEST));
        }
        begin(operation, joined(messages));
        int answers = 0;
        while (!settled) {
            for (Message message : received(operation)) {
                int index = message.sequence() - first;
                if (index >= 0 && index < to - from) {
                    answers++;
                    if (message.type() != NLMSG_ERROR) {
                        answered.accept(from + index, message);
                    }
                }
            }
            settled |= answers == to - from;
        }
        if (answers < to - from) {
            throw KernelException.unasked(operation, Errno.ETIMEDOUT, "no answer");
        }
    }

    /**
     * Starts a listing that is read part by part. It may take any time; any other exchange on this socket ends it. Objects that change
     * meanwhile may be missing, or appear twice.
     */
    public synchronized Listing begin(String operation, MessageWriter request) {
        int number = sequences(1);
        begin(operation, stamp(request.toBytes(), number, NLM_F_REQUEST | NLM_F_DUMP));
        return new Listing(operation, number);
    }

    /** A listing under way. */
    public final class Listing {

        private final String operation;
        private final int number;

        private Listing(String operation, int number) {
            this.operation = operation;
            this.number = number;
        }

        /**
         * Reads one part.
         *
         * @return whether there is more
         * @throws KernelException if the kernel refuses
         */
        public boolean next(Consumer<Message> each) {
            synchronized (NetlinkSocket.this) {
                byte[] datagram = transport
                        .receive(operation, true)
                        .orElseThrow(() -> KernelException.unasked(operation, Errno.ETIMEDOUT, "no answer"));
                for (Message message : Message.parse(datagram)) {
                    if (message.sequence() == number && isEnd(message)) {
                        settled = true;
                        Acknowledgement end = Acknowledgement.of(message);
                        if (!end.isSuccess()) {
                            throw end.failure(operation);
                        }
                        return false;
                    }
                    if (message.sequence() == number) {
                        each.accept(message);
                    }
                }
                return true;
            }
        }
    }

    private static boolean isEnd(Message message) {
        return message.type() == NLMSG_DONE || message.type() == NLMSG_ERROR;
    }

    private static Optional<Message> answer(Request request, Message message) {
        if (message.type() != NLMSG_ERROR) {
            return Optional.of(message);
        }
        Acknowledgement refusal = Acknowledgement.of(message);
        if (!request.tolerated().contains(refusal.errno())) {
            throw refusal.failure(request.operation());
        }
        return Optional.empty();
    }

    /**
     * Lists objects. If the kernel reports that they changed during the listing, it is repeated.
     *
     * @param reader returns what to keep of a message, or empty to leave it out; called again for messages of an attempt that is repeated
     * @throws KernelException if the kernel refuses, or EAGAIN if the objects changed during every attempt
     */
    public synchronized <T> List<T> dump(
            String operation, MessageWriter request, Function<Message, Optional<T>> reader) {
        for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
            List<T> result = new ArrayList<>();
            int number = sequences(1);
            begin(operation, stamp(request.toBytes(), number, NLM_F_REQUEST | NLM_F_DUMP));
            try {
                if (read(operation, number, message -> reader.apply(message).ifPresent(result::add))) {
                    return result;
                }
            } finally {
                // Even after an exception of the reader: the next exchange must not receive the rest of this one.
                settle(operation);
            }
        }
        throw KernelException.unasked(
                operation, Errno.EAGAIN, "the objects changed during each of " + DUMP_ATTEMPTS + " listings");
    }

    /** Reads to the end of a dump; whether it was consistent. */
    private boolean read(String operation, int number, Consumer<Message> each) {
        boolean consistent = true;
        while (true) {
            byte[] datagram = transport
                    .receive(operation, true)
                    .orElseThrow(() -> KernelException.unasked(operation, Errno.ETIMEDOUT, "no answer"));
            for (Message message : Message.parse(datagram)) {
                if (message.sequence() != number) {
                    continue;
                }
                consistent &= (message.flags() & NLM_F_DUMP_INTR) == 0;
                if (isEnd(message)) {
                    settled = true;
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
