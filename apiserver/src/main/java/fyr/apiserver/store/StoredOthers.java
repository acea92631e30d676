package fyr.apiserver.store;

import fyr.apiserver.kinds.Catalog;
import fyr.apiserver.kinds.Others;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.Selector;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What a lifecycle may see and do of the other objects of a registry. */
record StoredOthers(Registry registry) implements Others {
    @Override
    public Optional<ObjectNode> find(Resource resource, String namespace, String name) {
        return registry.find(resource, namespace, name);
    }

    @Override
    public List<ObjectNode> list(Resource resource, String namespace) {
        return registry.list(resource, namespace, Selector.ALL);
    }

    @Override
    public void delete(Resource resource, String namespace, String name, boolean now) {
        if (registry.find(resource, namespace, name).isPresent()) {
            registry.delete(resource, namespace, name, now ? DeleteOptions.NOW : DeleteOptions.PLAIN);
        }
    }

    @Override
    public void forget(Resource resource, String namespace, String name) {
        registry.store().remove(Registry.key(resource, namespace, name));
    }

    @Override
    public Catalog catalog() {
        return registry.catalog();
    }
}
