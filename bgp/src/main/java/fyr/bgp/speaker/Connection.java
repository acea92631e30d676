package fyr.bgp.speaker;

import fyr.bgp.message.Message;
import fyr.bgp.message.MessageReader;
import fyr.bgp.message.MessageWriter;
import fyr.bgp.message.NotificationException;
import fyr.bgp.message.PeerKind;
import fyr.bgp.message.Reading;
import fyr.bgp.message.UpdatePacker;
import fyr.bgp.message.WireOptions;
import fyr.bgp.session.Line;
import fyr.bgp.session.Negotiated;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;

/**
 * One TCP connection with a peer: what was read and is not a whole message yet, and what is not sent yet. An idle one holds no buffers, so
 * that thousands cost little.
 */
final class Connection {

    private static final byte[] NOTHING = {};

    private final Line line;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ArrayDeque<ByteBuffer> unsent = new ArrayDeque<>();
    private MessageReader reader = new MessageReader(WireOptions.BASE, PeerKind.EXTERNAL);
    private MessageWriter writer = new MessageWriter(WireOptions.BASE);
    private UpdatePacker packer = new UpdatePacker(WireOptions.BASE);
    private byte[] rest = NOTHING;
    private boolean ended;

    Connection(Line line, SocketChannel channel, SelectionKey key) {
        this.line = line;
        this.channel = channel;
        this.key = key;
    }

    Line line() {
        return line;
    }

    SocketChannel channel() {
        return channel;
    }

    SelectionKey key() {
        return key;
    }

    /** From now on messages are read and written as both sides have agreed. */
    void agreed(Negotiated negotiated) {
        reader = new MessageReader(negotiated.receive(), negotiated.kind());
        writer = new MessageWriter(negotiated.send());
        packer = new UpdatePacker(negotiated.send());
    }

    UpdatePacker packer() {
        return packer;
    }

    /** Adds bytes that have come to those that were left. */
    Incoming incoming(ByteBuffer come) {
        byte[] bytes = Arrays.copyOf(rest, rest.length + come.remaining());
        come.get(bytes, rest.length, come.remaining());
        rest = NOTHING;
        return new Incoming(bytes);
    }

    /** Bytes that have come, of which messages are read one after the other. */
    final class Incoming {

        private final byte[] bytes;
        private int at;

        private Incoming(byte[] bytes) {
            this.bytes = bytes;
        }

        /**
         * The next message; empty if the bytes do not contain a whole one, which are kept then.
         *
         * @throws NotificationException if it cannot be accepted
         */
        Optional<Reading> next() {
            boolean whole = bytes.length - at >= MessageReader.HEADER && bytes.length - at >= reader.length(bytes, at);
            if (!whole) {
                rest = Arrays.copyOfRange(bytes, at, bytes.length);
                return Optional.empty();
            }
            int from = at;
            at += reader.length(bytes, at);
            return Optional.of(reader.read(bytes, from));
        }
    }

    /** Whether nothing waits for the peer to read. */
    boolean isFlushed() {
        return unsent.isEmpty();
    }

    /** Sends a message, as soon as the peer reads. */
    void send(Message message) throws IOException {
        send(ByteBuffer.wrap(writer.write(message)));
    }

    /** Sends whole messages. What the kernel does not take at once is copied. */
    void send(ByteBuffer messages) throws IOException {
        if (ended) {
            return;
        }
        if (unsent.isEmpty() && channel.isConnected()) {
            channel.write(messages);
        }
        if (messages.hasRemaining()) {
            unsent.add(ByteBuffer.allocate(messages.remaining()).put(messages).flip());
            watch();
        }
    }

    /** Sends what waits; returns whether the peer took anything. */
    boolean flush() throws IOException {
        boolean progress = false;
        while (!unsent.isEmpty()) {
            ByteBuffer first = unsent.element();
            progress |= channel.write(first) > 0;
            if (first.hasRemaining()) {
                break;
            }
            unsent.remove();
        }
        watch();
        return progress;
    }

    private void watch() {
        if (key.isValid() && channel.isConnected()) {
            int reading = key.interestOps() & SelectionKey.OP_READ;
            key.interestOps(unsent.isEmpty() ? reading : reading | SelectionKey.OP_WRITE);
        }
    }

    /** Sends nothing any more, so that the peer reads what was sent, to its end: a socket that is closed with unread bytes is reset. */
    void end() {
        ended = true;
        unsent.clear();
        try {
            if (channel.isConnected()) {
                channel.shutdownOutput();
                key.interestOps(SelectionKey.OP_READ);
                return;
            }
        } catch (IOException lost) {
            // There is nobody to be told.
        }
        close();
    }

    /** Whether {@link #end} was called; what still comes is thrown away. */
    boolean isEnding() {
        return ended;
    }

    void close() {
        key.cancel();
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // The descriptor is closed in any case.
        }
    }
}
