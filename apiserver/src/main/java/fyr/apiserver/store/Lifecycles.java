package fyr.apiserver.store;

import fyr.apiserver.kinds.Lifecycle;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.Setup;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The lifecycle of each kind in this server, made when the kind is first used. */
final class Lifecycles {
    private final Setup setup;
    private final Map<Resource, Lifecycle> all = new ConcurrentHashMap<>();

    Lifecycles(Setup setup) {
        this.setup = setup;
    }

    Lifecycle of(Resource resource) {
        return all.computeIfAbsent(resource, kind -> kind.lifecycle(setup));
    }
}
