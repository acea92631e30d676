package fyr.dns.forward;

import fyr.dns.message.Message;
import fyr.dns.message.RecordData;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResourceRecord;
import fyr.dns.message.ResponseCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers for as long as their TTLs allow, denials for as long as their SOA does (RFC 2308 section 5), failures for a second (RFC 9520
 * section 3.2). Bounded by the bytes held; what was unused for longest leaves first. One lock, held for a look-up in a hash table.
 */
final class AnswerCache {

    private static final long LONGEST = 3600;
    private static final long LONGEST_DENIAL = 300;
    private static final int LARGEST_SHARE = 16; // of the limit, for one answer

    private record Entry(Message message, Instant stored, long ttl, int weight) {

        long age(Instant now) {
            return Duration.between(stored, now).toSeconds();
        }

        /** An age below zero means that the clock was set back, so the true one is not known. */
        boolean fresh(Instant now) {
            return !now.isBefore(stored) && age(now) < ttl;
        }
    }

    private final Map<ForwardedQuestion, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final InstantSource clock;
    private final int limit;
    private int held;

    AnswerCache(int limit, InstantSource clock) {
        this.limit = limit;
        this.clock = clock;
    }

    Optional<Message> get(ForwardedQuestion question) {
        Instant now = clock.instant();
        return entry(question, now).map(entry -> aged(entry.message, entry.age(now)));
    }

    private synchronized Optional<Entry> entry(ForwardedQuestion question, Instant now) {
        Optional<Entry> entry = Optional.ofNullable(entries.get(question));
        if (entry.isPresent() && !entry.get().fresh(now)) {
            remove(question);
            return Optional.empty();
        }
        return entry;
    }

    void put(ForwardedQuestion question, Message message) {
        long ttl = message.flags().truncated() ? 0 : ttl(question, message);
        int weight = CacheWeight.of(message);
        if (ttl > 0 && weight <= limit / LARGEST_SHARE) {
            put(question, new Entry(message, clock.instant(), ttl, weight));
        }
    }

    private synchronized void put(ForwardedQuestion question, Entry entry) {
        remove(question);
        entries.put(question, entry);
        held += entry.weight;
        while (held > limit) {
            remove(entries.keySet().iterator().next());
        }
    }

    synchronized int held() {
        return held;
    }

    private void remove(ForwardedQuestion question) {
        Entry entry = entries.remove(question);
        held -= entry == null ? 0 : entry.weight;
    }

    private static long ttl(ForwardedQuestion question, Message message) {
        ResponseCode code = message.code();
        if (!code.equals(ResponseCode.NOERROR) && !code.equals(ResponseCode.NXDOMAIN)) {
            return 1;
        }
        long ttl =
                message.answers().stream().mapToLong(ResourceRecord::ttl).min().orElse(LONGEST);
        boolean denial = code.equals(ResponseCode.NXDOMAIN)
                || !answers(question.question().type(), message);
        return Math.min(LONGEST, denial ? Math.min(ttl, denialTtl(message.authorities())) : ttl);
    }

    /** Aliases that end in nothing are a denial (RFC 2308 section 2.2): the SOA says how long that is true. */
    private static boolean answers(RecordType asked, Message message) {
        return message.answers().stream()
                .anyMatch(
                        record -> asked.equals(RecordType.ANY) || record.type().equals(asked));
    }

    private static long denialTtl(List<ResourceRecord> authorities) {
        return authorities.stream()
                .filter(record -> record.data() instanceof RecordData.Soa)
                .mapToLong(record -> Math.min(record.ttl(), ((RecordData.Soa) record.data()).minimum()))
                .map(ttl -> Math.min(ttl, LONGEST_DENIAL))
                .findFirst()
                .orElse(0);
    }

    private static Message aged(Message message, long age) {
        if (age == 0) {
            return message;
        }
        return new Message(
                message.id(),
                message.flags(),
                message.questions(),
                aged(message.answers(), age),
                aged(message.authorities(), age),
                aged(message.additionals(), age),
                message.edns());
    }

    private static List<ResourceRecord> aged(List<ResourceRecord> records, long age) {
        return records.stream()
                .map(record -> record.withTtl(Math.max(0, record.ttl() - age)))
                .toList();
    }
}
