package fyr.dns.server;

import fyr.dns.message.MessageReader;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import fyr.dns.server.DnsCounters.Source;
import fyr.model.name.DnsView;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers of one listener, byte for byte, for as long as names lead to the same: pods ask the same few things again and again. Two queries are
 * the same if their bytes are, but for the id and for case. Each gets the question back in its own case, by which some resolvers tell forged
 * answers. Used by one thread.
 */
final class AnswerMemo {

    private static final int SLOTS = 512; // a power of two
    private static final int FIXED = 4; // type and class, after a question's name
    private static final int OPT = 11; // an OPT record without options; others are of one client, such as a cookie
    private static final int LONGEST = MessageReader.HEADER + 255 + FIXED + OPT;

    private record Entry(byte[] query, byte[] answer, RecordType type, ResponseCode code) {}

    private final Supplier<Optional<DnsView>> view;
    private final DnsCounters counters;
    private final @Nullable Entry[] entries = new Entry[SLOTS];
    private Optional<DnsView> follows = Optional.empty();

    // The query at hand: without its id, in lower case; of length 0 if it is not of the usual form.
    private final byte[] query = new byte[LONGEST];
    private int length;
    private int nameEnd;
    private int slot;

    AnswerMemo(Supplier<Optional<DnsView>> view, DnsCounters counters) {
        this.view = view;
        this.counters = counters;
    }

    /** The answer to a query, if it is known; it is counted then. */
    Optional<byte[]> find(byte[] packet, int size) {
        follow(view.get()); // before the answer is made: one of a later view is then forgotten, never the other
        // way round
        take(packet, size);
        Entry entry = entries[slot];
        if (length == 0 || entry == null || !Arrays.equals(entry.query, 0, entry.query.length, query, 0, length)) {
            return Optional.empty();
        }
        counters.answered(entry.type, entry.code, Source.CLUSTER);
        byte[] answer = entry.answer.clone();
        answer[0] = packet[0];
        answer[1] = packet[1];
        System.arraycopy(packet, MessageReader.HEADER, answer, MessageReader.HEADER, nameEnd - MessageReader.HEADER);
        return Optional.of(answer);
    }

    /** Keeps the answer to the query that was last asked for here. */
    void remember(byte[] answer) {
        if (length > 0) {
            RecordType type = new RecordType((query[nameEnd] & 255) << 8 | query[nameEnd + 1] & 255);
            entries[slot] = new Entry(Arrays.copyOf(query, length), answer, type, new ResponseCode(answer[3] & 15));
        }
    }

    private void follow(Optional<DnsView> now) {
        boolean same = now.isPresent() && follows.isPresent() && now.get() == follows.get();
        if (!same) {
            Arrays.fill(entries, null);
            follows = now;
        }
    }

    private void take(byte[] packet, int size) {
        nameEnd = nameEnd(packet, size);
        int end = nameEnd + FIXED;
        length = nameEnd > 0 && (size == end || size == end + OPT) ? size : 0;
        int hash = 0;
        for (int i = 2; i < length; i++) {
            boolean ofName = i >= MessageReader.HEADER && i < nameEnd;
            query[i] = ofName ? lower(packet[i]) : packet[i];
            hash = hash * 31 + query[i];
        }
        slot = (hash ^ hash >>> 16) & SLOTS - 1;
    }

    private static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 32) : octet;
    }

    /** Where the question's name ends, or 0 if it does not end as a name written out in full. */
    private static int nameEnd(byte[] packet, int size) {
        int at = MessageReader.HEADER;
        while (at < size && packet[at] > 0 && packet[at] < 64) {
            at += packet[at] + 1;
        }
        return at < size && packet[at] == 0 && at < MessageReader.HEADER + 255 ? at + 1 : 0;
    }
}
