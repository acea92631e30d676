package fyr.kernel.linux.nft;

import fyr.kernel.Delta;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whole tables deleted and made anew, for what cannot be changed in place. */
final class Rebuild {

    private Rebuild() {}

    /** Everything that the touched tables are to hold: what they hold now and is not foreign, with the delta. */
    static Delta<NftKey, NftObject> whole(Map<NftKey, NftObject> actual, Delta<NftKey, NftObject> delta) {
        Set<Family> families = Stream.concat(delta.upserts().keySet().stream(), delta.deletes().stream())
                .map(NftKey::family)
                .collect(Collectors.toSet());
        SortedMap<NftKey, NftObject> desired = new TreeMap<>(actual);
        desired.values().removeIf(NftObject.Foreign.class::isInstance);
        desired.keySet().removeIf(key -> !families.contains(key.family()));
        delta.deletes().forEach(desired::remove);
        desired.putAll(delta.upserts());
        // Elements of a set that is not there any more, or that is foreign, went with it. New ones without a set are
        // refused.
        desired.keySet()
                .removeIf(key -> key instanceof NftKey.ElementKey(Family family, String set, var _)
                        && !delta.upserts().containsKey(key)
                        && !desired.containsKey(new NftKey.SetKey(family, set)));
        return new Delta<>(desired, new TreeSet<>());
    }

    static List<Step> steps(Map<NftKey, NftObject> actual, Delta<NftKey, NftObject> whole) {
        List<Step> steps = new ArrayList<>();
        for (NftKey key : whole.upserts().keySet()) {
            if (key instanceof NftKey.TableKey table && actual.containsKey(table)) {
                steps.add(Messages.deleteTable(table));
            }
        }
        steps.addAll(new Changes(whole, Set.of(), Set.of()).steps(new Known()));
        return steps;
    }
}
