package fyr.kernel.plan;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.model.persistent.PersistentMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks elements up. Intervals of a set are put in order when it is first asked. Elements that rules remember are kept beside the others. */
final class Sets {

    private final PersistentMap<NftKey, NftObject> objects;
    private final Map<NftKey.SetKey, TreeMap<Bytes, NftObject.Element>> intervals = new HashMap<>();
    private final Map<NftKey.SetKey, Map<Bytes, Bytes>> remembered;

    Sets(PersistentMap<NftKey, NftObject> objects) {
        this(objects, new HashMap<>());
    }

    private Sets(PersistentMap<NftKey, NftObject> objects, Map<NftKey.SetKey, Map<Bytes, Bytes>> remembered) {
        this.objects = objects;
        this.remembered = remembered;
    }

    /** The sets of what became of these objects, with what is remembered. */
    Sets after(PersistentMap<NftKey, NftObject> change) {
        return new Sets(change, remembered);
    }

    Optional<NftData> find(Family family, String name, Registers registers, int register) {
        return switch (object(family, name)) {
            case NftObject.Set set -> {
                Bytes key = registers.read(register, length(set.key()));
                yield set.interval() ? covering(family, name, key) : exact(family, name, key);
            }
            case NftObject.Memory memory ->
                Optional.ofNullable(remembered(family, name).get(registers.read(register, length(memory.key()))))
                        .map(NftData.Value::new);
            case NftObject other -> throw new IllegalStateException(name + " is not a set: " + other);
        };
    }

    /** Whether the element is there now. The value of a key that was there already does not change, as in the kernel. */
    boolean remember(Family family, String name, Registers registers, int register, int data) {
        NftObject.Memory memory = memory(family, name);
        Bytes key = registers.read(register, length(memory.key()));
        Bytes value = registers.read(data, length(memory.data()));
        Map<Bytes, Bytes> elements = remembered(family, name);
        if (elements.size() < memory.size()) {
            elements.putIfAbsent(key, value);
        }
        return elements.containsKey(key);
    }

    void forget(Family family, String name, Registers registers, int register, int data) {
        NftObject.Memory memory = memory(family, name);
        Bytes key = registers.read(register, length(memory.key()));
        registers.read(data, length(memory.data()));
        remembered(family, name).remove(key);
    }

    private Map<Bytes, Bytes> remembered(Family family, String name) {
        return remembered.computeIfAbsent(new NftKey.SetKey(family, name), _ -> new HashMap<>());
    }

    private NftObject.Memory memory(Family family, String name) {
        if (object(family, name) instanceof NftObject.Memory memory) {
            return memory;
        }
        throw new IllegalStateException("no map that rules fill: " + name);
    }

    private NftObject object(Family family, String name) {
        return objects.get(new NftKey.SetKey(family, name))
                .orElseThrow(() -> new IllegalStateException("no set " + name));
    }

    /** A single field is as long as it is; fields of a concatenation fill registers. */
    private static int length(List<NftField> fields) {
        return fields.size() == 1
                ? fields.getFirst().length()
                : fields.stream().mapToInt(NftField::paddedLength).sum();
    }

    private Optional<NftData> exact(Family family, String name, Bytes key) {
        return objects.get(new NftKey.ElementKey(family, name, key)).map(object -> ((NftObject.Element) object).data());
    }

    private Optional<NftData> covering(Family family, String name, Bytes key) {
        Map.Entry<Bytes, NftObject.Element> floor = intervals
                .computeIfAbsent(new NftKey.SetKey(family, name), this::ordered)
                .floorEntry(key);
        if (floor == null || floor.getValue().last().orElse(floor.getKey()).compareTo(key) < 0) {
            return Optional.empty();
        }
        return Optional.of(floor.getValue().data());
    }

    private TreeMap<Bytes, NftObject.Element> ordered(NftKey.SetKey set) {
        TreeMap<Bytes, NftObject.Element> elements = new TreeMap<>();
        objects.forEach((key, object) -> {
            if (key instanceof NftKey.ElementKey(Family family, String name, Bytes first)
                    && family == set.family()
                    && name.equals(set.set())) {
                elements.put(first, (NftObject.Element) object);
            }
        });
        return elements;
    }
}
