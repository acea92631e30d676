package fyr.kernel.text;

import fyr.kernel.nft.NftField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the registers hold while a rule is read from its first expression to its last. */
final class Operands {

    /** A load: the same operand may be loaded twice, into registers next to each other. */
    private record Load(Operand operand, int register) {}

    private final Map<Integer, Load> held = new HashMap<>();

    /** What was in these registers before is gone; the rest of a longer operand stays. */
    void load(int register, Operand operand) {
        Load load = new Load(operand, register);
        for (int word = 0; word < operand.words(); word++) {
            held.put(register + word, load);
        }
    }

    Operand at(int register) {
        return holder(register).operand();
    }

    private Load holder(int register) {
        return Optional.ofNullable(held.get(register))
                .orElseThrow(() -> new IllegalArgumentException("nothing was loaded into register " + register));
    }

    /** The parts of a key that begins at a register. The result of a lookup may hold several fields of the key, and more than that. */
    String key(int register, List<NftField> fields) {
        int words = fields.stream().mapToInt(field -> field.paddedLength() / 4).sum();
        List<Load> parts = new ArrayList<>();
        for (int word = 0; word < words; word++) {
            Load load = holder(register + word);
            if (parts.isEmpty() || !parts.getLast().equals(load)) {
                parts.add(load);
            }
        }
        return parts.stream().map(load -> load.operand().text()).collect(Collectors.joining(" . "));
    }
}
