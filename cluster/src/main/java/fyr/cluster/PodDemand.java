package fyr.cluster;

import fyr.model.Namespace;
import fyr.model.PodScope;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.NetworkPolicy;
import java.util.SortedSet;

/** Which pods of other nodes a policy refers to, in a cluster with these namespaces. Pure. */
@FunctionalInterface
public interface PodDemand {

    /** The scopes that contain all of them. */
    SortedSet<PodScope> of(NetworkPolicy policy, PersistentMap<String, Namespace> namespaces);
}
