package fyr.bgp.message;

import fyr.bgp.message.Update.Announcement;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.PathPrefixes;
import java.util.List;

/**
 * Writes single messages. Those that must be split to fit are for {@link UpdatePacker}. Not to be used by two threads at once.
 */
public final class MessageWriter {

    private final WireOptions options;
    private final Output out = new Output();

    /** A writer of what is sent to one peer. */
    public MessageWriter(WireOptions options) {
        this.options = options;
    }

    /**
     * The bytes of a message.
     *
     * @throws IllegalArgumentException if no message with these options can say it: it is too long, or an update names more than one list of a
     *     kind, or attributes that differ in more than the next hop
     */
    public byte[] write(Message message) {
        out.back(0);
        out.skip(Header.BYTES);
        int type = switch (message) {
            case Open open -> {
                OpenWriter.write(open, out);
                yield Header.OPEN;
            }
            case Update update -> update(update);
            case EndOfRib(var family) -> endOfRib(family);
            case Notification(int code, int subcode, var data) -> {
                out.u8(code);
                out.u8(subcode);
                out.octets(data);
                yield Header.NOTIFICATION;
            }
            case Keepalive() -> Header.KEEPALIVE;
            case RouteRefresh(var family, int subtype) -> {
                out.u16(family.afi());
                out.u8(subtype);
                out.u8(family.safi());
                yield Header.ROUTE_REFRESH;
            }
        };
        int longest = type == Header.OPEN ? Header.LONGEST : options.longest();
        if (out.position() > longest) {
            throw new IllegalArgumentException("a message of " + out.position() + " bytes, more than " + longest);
        }
        Header.put(out.bytes(), 0, out.position(), type);
        return out.copy();
    }

    private int endOfRib(AddressFamily family) {
        out.u16(0);
        out.u16(0);
        if (!family.equals(AddressFamily.IPV4)) {
            int head = out.position();
            MultiprotocolWriter.unreach(PathPrefixes.none(family), 0, false, out, Header.LONGEST);
            out.u16At(head - 2, out.position() - head);
        }
        return Header.UPDATE;
    }

    private static boolean isClassic(PathPrefixes withdrawn) {
        return withdrawn.family().equals(AddressFamily.IPV4);
    }

    private static boolean isClassic(Announcement announced) {
        return isClassic(announced.prefixes())
                && announced.attributes().nextHop().orElse(null) instanceof NextHop.V4;
    }

    private int update(Update update) {
        List<PathPrefixes> classicWithdrawn =
                update.withdrawn().stream().filter(MessageWriter::isClassic).toList();
        List<PathPrefixes> otherWithdrawn =
                update.withdrawn().stream().filter(list -> !isClassic(list)).toList();
        List<Announcement> classic =
                update.announced().stream().filter(MessageWriter::isClassic).toList();
        List<Announcement> others =
                update.announced().stream().filter(list -> !isClassic(list)).toList();
        requireOne(classicWithdrawn, otherWithdrawn, classic, others);
        requireSame(update.announced());
        int head = out.position();
        out.u16(0);
        classicWithdrawn.forEach(this::prefixes);
        out.u16At(head, out.position() - head - 2);
        int attributes = out.position();
        out.u16(0);
        others.forEach(this::reach);
        otherWithdrawn.forEach(list -> MultiprotocolWriter.unreach(list, 0, ids(list), out, Integer.MAX_VALUE));
        if (!update.announced().isEmpty()) {
            Announcement any = classic.isEmpty() ? others.getFirst() : classic.getFirst();
            new AttributeWriter(out, options.fourOctetAs()).write(any.attributes(), !classic.isEmpty());
        }
        out.u16At(attributes, out.position() - attributes - 2);
        classic.forEach(list -> prefixes(list.prefixes()));
        return Header.UPDATE;
    }

    private static void requireOne(List<?>... lists) {
        for (List<?> list : lists) {
            if (list.size() > 1) {
                throw new IllegalArgumentException("one message cannot have " + list.size() + " lists of a kind");
            }
        }
    }

    private static void requireSame(List<Announcement> announced) {
        if (announced.stream()
                        .map(each -> each.attributes().change().withoutNextHop().build())
                        .distinct()
                        .count()
                > 1) {
            throw new IllegalArgumentException("one message cannot have different attributes");
        }
    }

    private void prefixes(PathPrefixes prefixes) {
        PrefixWriter.write(prefixes, 0, ids(prefixes), out, Integer.MAX_VALUE);
    }

    private void reach(Announcement announced) {
        NextHop nextHop = announced
                .attributes()
                .nextHop()
                .orElseThrow(() -> new IllegalArgumentException("announcement without next hop"));
        PathPrefixes prefixes = announced.prefixes();
        MultiprotocolWriter.reach(nextHop, prefixes, 0, ids(prefixes), out, Integer.MAX_VALUE);
    }

    private boolean ids(PathPrefixes prefixes) {
        return options.addPath().contains(prefixes.family());
    }
}
