package fyr.dns.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes one message of bounded size. Names are compressed where RFC 3597 allows, comparing case so that every name keeps its own. What does
 * not fit is left out record by record: with the TC bit when it is an answer or authority, silently when it is additional (RFC 2181 section 9).
 */
public final class MessageWriter {

    /** More places are not remembered for compression: the search is linear, and the first ones repay it most. */
    private static final int REMEMBERED = 64;

    private byte[] bytes;
    private int at;
    private final int[] places = new int[REMEMBERED];
    private int placeCount;

    private MessageWriter(int capacity) {
        this.bytes = new byte[capacity];
    }

    /**
     * The bytes of the message, at most {@code limit} of them.
     *
     * @param limit 512 to 65535
     */
    public static byte[] write(Message message, int limit) {
        return new MessageWriter(Math.min(limit, 512)).message(message, Math.min(limit, 0xffff));
    }

    /** A message with its length in front, as TCP carries it (RFC 1035 section 4.2.2). */
    public static byte[] frame(byte[] message) {
        byte[] framed = new byte[message.length + 2];
        framed[0] = (byte) (message.length >>> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        return framed;
    }

    private byte[] message(Message message, int limit) {
        int reserved = message.edns().map(MessageWriter::size).orElse(0);
        at = MessageReader.HEADER;
        for (Question question : message.questions()) {
            name(question.name(), true);
            u16(question.type().code());
            u16(question.dnsClass());
        }
        int room = limit - reserved;
        int answers = records(message.answers(), room);
        boolean cut = answers < message.answers().size();
        int authorities = cut ? 0 : records(message.authorities(), room);
        cut |= authorities < message.authorities().size();
        int additionals = cut ? 0 : records(message.additionals(), room);
        message.edns().ifPresent(edns -> edns(edns, message.code()));
        int length = at;
        at = 0;
        u16(message.id());
        u16((cut ? message.flags().asTruncated() : message.flags()).bits());
        u16(message.questions().size());
        u16(answers);
        u16(authorities);
        u16(additionals + (message.edns().isPresent() ? 1 : 0));
        return Arrays.copyOf(bytes, length);
    }

    private int records(List<ResourceRecord> records, int room) {
        int written = 0;
        for (ResourceRecord record : records) {
            int before = at;
            int placesBefore = placeCount;
            record(record);
            if (at > room) {
                at = before;
                placeCount = placesBefore;
                return written;
            }
            written++;
        }
        return written;
    }

    private void record(ResourceRecord record) {
        name(record.name(), true);
        u16(record.type().code());
        u16(record.dnsClass());
        u32(record.ttl());
        int start = at;
        u16(0);
        data(record.data());
        int length = at - start - 2;
        bytes[start] = (byte) (length >>> 8);
        bytes[start + 1] = (byte) length;
    }

    private void data(RecordData data) {
        switch (data) {
            case RecordData.A(var address) -> u32(address.bits());
            case RecordData.Aaaa(var address) -> all(address.toBytes());
            case RecordData.Ns(var target) -> name(target, true);
            case RecordData.Cname(var target) -> name(target, true);
            case RecordData.Ptr(var target) -> name(target, true);
            case RecordData.Srv(int priority, int weight, int port, var target) -> {
                u16(priority);
                u16(weight);
                u16(port);
                name(target, false); // RFC 2782: never compressed
            }
            case RecordData.Soa soa -> soa(soa);
            case RecordData.Txt(var strings) -> strings.forEach(this::text);
            case RecordData.Opaque(var type, byte[] opaque) -> all(opaque);
        }
    }

    private void soa(RecordData.Soa soa) {
        name(soa.primary(), true);
        name(soa.mailbox(), true);
        u32(soa.serial());
        u32(soa.refresh());
        u32(soa.retry());
        u32(soa.expire());
        u32(soa.minimum());
    }

    private void text(String string) {
        byte[] text = string.getBytes(StandardCharsets.ISO_8859_1);
        u8(text.length);
        all(text);
    }

    private static int size(Edns edns) {
        int size = 11;
        for (Edns.Option option : edns.options()) {
            size += 4 + option.bytes().length;
        }
        return size;
    }

    private void edns(Edns edns, ResponseCode code) {
        u8(0);
        u16(RecordType.OPT.code());
        u16(edns.payload());
        u8(code.code() >>> 4);
        u8(edns.version());
        u16(edns.dnssecOk() ? 0x8000 : 0);
        u16(size(edns) - 11);
        for (Edns.Option option : edns.options()) {
            u16(option.code());
            u16(option.bytes().length);
            all(option.bytes());
        }
    }

    private void name(DnsName name, boolean compressed) {
        byte[] wire = name.wire();
        int from = 0;
        while (wire[from] != 0) {
            int place = compressed ? written(wire, from) : -1;
            if (place >= 0) {
                u16(0xc000 | place);
                return;
            }
            if (at < 0x4000 && placeCount < REMEMBERED) {
                places[placeCount++] = at;
            }
            int length = wire[from] + 1;
            ensure(length);
            System.arraycopy(wire, from, bytes, at, length);
            at += length;
            from += length;
        }
        u8(0);
    }

    private int written(byte[] wire, int from) {
        for (int i = 0; i < placeCount; i++) {
            if (same(wire, from, places[i])) {
                return places[i];
            }
        }
        return -1;
    }

    /** Whether the rest of a name is what was written at a place, whose own rest may be a pointer. */
    private boolean same(byte[] wire, int from, int place) {
        int mine = from;
        int there = place;
        while (true) {
            while ((bytes[there] & 0xc0) == 0xc0) {
                there = (bytes[there] & 0x3f) << 8 | bytes[there + 1] & 255;
            }
            int length = wire[mine] + 1;
            if (there + length > at || !Arrays.equals(wire, mine, mine + length, bytes, there, there + length)) {
                return false;
            }
            if (length == 1) {
                return true;
            }
            mine += length;
            there += length;
        }
    }

    private void all(byte[] more) {
        ensure(more.length);
        System.arraycopy(more, 0, bytes, at, more.length);
        at += more.length;
    }

    private void u8(int value) {
        ensure(1);
        bytes[at++] = (byte) value;
    }

    private void u16(int value) {
        ensure(2);
        bytes[at++] = (byte) (value >>> 8);
        bytes[at++] = (byte) value;
    }

    private void u32(long value) {
        u16((int) (value >>> 16) & 0xffff);
        u16((int) value & 0xffff);
    }

    private void ensure(int more) {
        if (at + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(at + more, bytes.length * 2));
        }
    }
}
