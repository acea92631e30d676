package fyr.kernel.text;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sets, maps and their elements as nft writes them. */
final class SetText {

    private SetText() {}

    /** {@code set} or {@code map}. */
    static String word(NftObject object) {
        return switch (object) {
            case NftObject.Set set when !set.data().isEmpty() || set.verdicts() -> "map";
            case NftObject.Memory _ -> "map";
            default -> "set";
        };
    }

    /** The type of a set, and its flags; each is one line. */
    static List<String> definition(NftObject.Set set) {
        String data = set.verdicts() ? " : verdict" : set.data().isEmpty() ? "" : " : " + types(set.data());
        List<String> lines = new ArrayList<>(List.of("type " + types(set.key()) + data));
        if (set.interval()) {
            lines.add("flags interval");
        }
        return lines;
    }

    static List<String> definition(NftObject.Meter meter) {
        List<String> lines = new ArrayList<>(List.of("type " + types(meter.key()), "size " + meter.size()));
        lines.addAll(
                meter.seconds() == 0
                        ? List.of("flags dynamic")
                        : List.of("flags dynamic,timeout", "timeout " + meter.seconds() + "s"));
        return lines;
    }

    static List<String> definition(NftObject.Memory memory) {
        return List.of(
                "type " + types(memory.key()) + " : " + types(memory.data()),
                "size " + memory.size(),
                "flags dynamic,timeout");
    }

    /** A time in the units of nft, largest first: {@code 1h30m}. */
    static String duration(int seconds) {
        StringBuilder text = new StringBuilder();
        int rest = seconds;
        for (Unit unit : UNITS) {
            if (rest >= unit.seconds()) {
                text.append(rest / unit.seconds()).append(unit.letter());
                rest %= unit.seconds();
            }
        }
        return text.isEmpty() ? "0s" : text.toString();
    }

    private record Unit(int seconds, char letter) {}

    private static final List<Unit> UNITS =
            List.of(new Unit(86400, 'd'), new Unit(3600, 'h'), new Unit(60, 'm'), new Unit(1, 's'));

    private static String types(List<NftField> fields) {
        return fields.stream().map(NftField::word).collect(Collectors.joining(" . "));
    }

    /** One element, with its value if it has one. */
    static String element(NftObject.Set set, Bytes key, NftObject.Element element) {
        String text = element.last().map(last -> range(set, key, last)).orElseGet(() -> fields(set.key(), key));
        return switch (element.data()) {
            case NftData.None() -> text;
            case NftData.Value(Bytes value) -> text + " : " + fields(set.data(), value);
            case NftData.Verdict(NftVerdict verdict) -> text + " : " + verdict(verdict);
        };
    }

    /** The last field is a range, the others are exact. */
    private static String range(NftObject.Set set, Bytes first, Bytes last) {
        List<NftField> leading = set.key().subList(0, set.key().size() - 1);
        NftField field = set.key().getLast();
        int at = leading.stream().mapToInt(NftField::paddedLength).sum();
        String exact = leading.isEmpty() ? "" : fields(leading, first) + " . ";
        return exact + range(field, field(field, first, at), field(field, last, at));
    }

    private static String range(NftField field, Bytes first, Bytes last) {
        Optional<Prefix> prefix = first.length() == 4 || first.length() == 16
                ? prefix(IpAddress.of(first.toArray()), IpAddress.of(last.toArray()))
                : Optional.empty();
        String from = Notation.of(field).of(first);
        return first.equals(last)
                ? from
                : prefix.map(Prefix::toString)
                        .orElseGet(() -> from + "-" + Notation.of(field).of(last));
    }

    private static Bytes field(NftField field, Bytes bytes, int at) {
        int end = Math.min(at + field.length(), bytes.length());
        return bytes.slice(Math.min(at, end), end);
    }

    private static Optional<Prefix> prefix(IpAddress first, IpAddress last) {
        for (int length = 0; length <= first.family().bits(); length++) {
            Prefix prefix = Prefix.containing(first, length);
            if (prefix.address().equals(first) && prefix.last().equals(last)) {
                return Optional.of(prefix);
            }
        }
        return Optional.empty();
    }

    /** The fields of a key or value, each padded to a multiple of four bytes. */
    static String fields(List<NftField> fields, Bytes bytes) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        for (NftField field : fields) {
            parts.add(Notation.of(field).of(field(field, bytes, at)));
            at += field.paddedLength();
        }
        return String.join(" . ", parts);
    }

    static String verdict(NftVerdict verdict) {
        return switch (verdict) {
            case NftVerdict.Accept() -> "accept";
            case NftVerdict.Drop() -> "drop";
            case NftVerdict.Jump(String chain) -> "jump " + chain;
            case NftVerdict.Goto(String chain) -> "goto " + chain;
            case NftVerdict.Return() -> "return";
        };
    }
}
