package fyr.kernel.linux.nft;

import fyr.kernel.nft.NftField;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Types of keys and values as nft numbers them: six bits for each field of a concatenation, the first field in the highest ones. */
final class FieldTypes {

    private static final int TYPE_BITS = 6;
    private static final int MOST_FIELDS = 32 / TYPE_BITS;

    private FieldTypes() {}

    static int number(List<NftField> fields) {
        if (fields.isEmpty() || fields.size() > MOST_FIELDS) {
            throw new IllegalArgumentException("from one to " + MOST_FIELDS + " fields, not " + fields.size());
        }
        return fields.stream().mapToInt(NftField::number).reduce(0, (type, field) -> type << TYPE_BITS | field);
    }

    /** Length in bytes: padded in a concatenation, exact otherwise. */
    static int length(List<NftField> fields) {
        return fields.size() == 1
                ? fields.getFirst().length()
                : fields.stream().mapToInt(NftField::paddedLength).sum();
    }

    /** The fields of a type that has this length. */
    static List<NftField> fields(int number, int length) {
        Deque<NftField> fields = new ArrayDeque<>();
        for (int rest = number; rest != 0; rest >>>= TYPE_BITS) {
            fields.addFirst(field(rest & (1 << TYPE_BITS) - 1));
        }
        List<NftField> result = List.copyOf(fields);
        if (result.isEmpty() || length(result) != length) {
            throw new UnknownObject("type " + number + " of " + length + " bytes");
        }
        return result;
    }

    private static NftField field(int number) {
        return Arrays.stream(NftField.values())
                .filter(field -> field.number() == number)
                .findFirst()
                .orElseThrow(() -> new UnknownObject("type " + number));
    }
}
