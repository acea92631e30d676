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

/** Looks elements up. Intervals of a set are put in order when it is first asked. */
final class Sets {

    private final PersistentMap<NftKey, NftObject> objects;
    private final Map<NftKey.SetKey, TreeMap<Bytes, NftObject.Element>> intervals = new HashMap<>();

    Sets(PersistentMap<NftKey, NftObject> objects) {
        this.objects = objects;
    }

    Optional<NftData> find(Family family, String name, Registers registers, int register) {
        NftObject.Set set = set(family, name);
        Bytes key = registers.read(register, keyLength(set.key()));
        return set.interval() ? covering(family, name, key) : exact(family, name, key);
    }

    private NftObject.Set set(Family family, String name) {
        return objects.get(new NftKey.SetKey(family, name))
                .map(object -> (NftObject.Set) object)
                .orElseThrow(() -> new IllegalStateException("no set " + name));
    }

    /** A single field is as long as it is; fields of a concatenation fill registers. */
    private static int keyLength(List<NftField> fields) {
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
