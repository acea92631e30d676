package fyr.dns.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes one message of bounded size. Names are compressed where RFC 3597 allows, comparing case so that every name keeps its own. What does
 * not fit is left out record by record: with the TC bit when it is an answer or authority, silently when it is additional (RFC 2181 section 9).
 */
public final class MessageWriter {

    private byte[] bytes;
    private int at;
    private final WrittenNames names = new WrittenNames();

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

    /** A message of at most 65535 bytes with its length in front, as TCP carries it (RFC 1035 section 4.2.2). */
    public static byte[] frame(byte[] message) {
        if (message.length > 0xffff) {
            throw new IllegalArgumentException("a message of " + message.length + " bytes has no place in a TCP frame");
        }
        byte[] framed = new byte[message.length + 2];
        framed[0] = (byte) (message.length >>> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        return framed;
    }

    private byte[] message(Message message, int limit) {
        Optional<Edns> edns = message.edns().map(all -> fitting(all, limit));
        int room = limit - edns.map(MessageWriter::size).orElse(0);
        at = MessageReader.HEADER;
        int questions = all(message.questions(), room, this::question);
        boolean cut = questions < message.questions().size();
        int answers = cut ? 0 : all(message.answers(), room, this::record);
        cut |= answers < message.answers().size();
        int authorities = cut ? 0 : all(message.authorities(), room, this::record);
        cut |= authorities < message.authorities().size();
        int additionals = cut ? 0 : all(message.additionals(), room, this::record);
        edns.ifPresent(opt -> edns(opt, message.code()));
        int length = at;
        at = 0;
        u16(message.id());
        u16((cut ? message.flags().asTruncated() : message.flags()).bits());
        u16(questions);
        u16(answers);
        u16(authorities);
        u16(additionals + (edns.isPresent() ? 1 : 0));
        return Arrays.copyOf(bytes, length);
    }

    /** Options that take more than half of the room are left out: the text of an extended error may have any length. */
    private static Edns fitting(Edns edns, int limit) {
        return size(edns) <= limit / 2 ? edns : new Edns(edns.payload(), edns.version(), edns.dnssecOk(), List.of());
    }

    /** Writes as many as there is room for, and returns how many. */
    private <T> int all(List<T> parts, int room, Consumer<T> write) {
        int written = 0;
        for (T part : parts) {
            int before = at;
            int namesBefore = names.count();
            write.accept(part);
            if (at > room) {
                at = before;
                names.keep(namesBefore);
                return written;
            }
            written++;
        }
        return written;
    }

    private void question(Question question) {
        name(question.name(), true);
        u16(question.type().code());
        u16(question.dnsClass());
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
        int[] hashes = WrittenNames.hashes(wire);
        int from = 0;
        while (wire[from] != 0) {
            int place = compressed ? names.find(hashes[from], wire, from, bytes, at) : -1;
            if (place >= 0) {
                u16(0xc000 | place);
                return;
            }
            names.add(hashes[from], at);
            int length = wire[from] + 1;
            ensure(length);
            System.arraycopy(wire, from, bytes, at, length);
            at += length;
            from += length;
        }
        u8(0);
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
