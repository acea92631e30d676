package fyr.compiler.policy;

import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.persistent.PersistentMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The elements about local pods beside those about peers, while one plan's become the next one's; lives within one call. */
final class PlanObjects {

    private PersistentMap<NftKey, NftObject> objects;

    private PlanObjects(PersistentMap<NftKey, NftObject> objects) {
        this.objects = objects;
    }

    /** Shares with the previous plan whatever did not change, so that the difference of the two is found without a look at it. */
    static PersistentMap<NftKey, NftObject> next(PolicyPlan previous, PeerTable peers, PolicyPlan.Local local) {
        PlanObjects change = new PlanObjects(previous.objects());
        peers.objects().differences(previous.peers().objects(), change::visit);
        change.follow(previous.local().elements(), local.elements());
        return change.objects;
    }

    private void visit(NftKey key, @Nullable NftObject before, @Nullable NftObject after) {
        objects = after == null ? objects.without(key) : objects.with(key, after);
    }

    private void follow(Map<NftKey, NftObject> before, Map<NftKey, NftObject> after) {
        before.forEach((key, object) -> {
            if (!after.containsKey(key)) {
                visit(key, object, null);
            }
        });
        after.forEach((key, object) -> {
            if (!object.equals(before.get(key))) {
                visit(key, before.get(key), object);
            }
        });
    }
}
