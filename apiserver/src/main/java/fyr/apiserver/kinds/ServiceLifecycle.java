package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Service gets its addresses and node ports, is checked and gives them back. Kubernetes assigns before it checks, so faults of an
 * assignment come alone.
 */
final class ServiceLifecycle implements Lifecycle {
    private final ServiceAddresses addresses;

    ServiceLifecycle(List<Prefix> ranges) {
        this.addresses = new ServiceAddresses(ranges);
    }

    @Override
    public void changing(ObjectNode before, ObjectNode after) {
        ServiceStatus.complete(before, after);
    }

    @Override
    public void admit(Others others, Optional<ObjectNode> before, ObjectNode after, List<Fault> faults) {
        addresses.complete(after, before, faults);
        if (!faults.isEmpty()) {
            return;
        }
        ObjectNode spec = Json.child(after, "spec");
        Optional<JsonNode> old = before.map(one -> Json.at(one, "spec"));
        old.ifPresent(one -> {
            ServiceTransition.apply(one, spec);
            ServiceValidation.changes(one, spec, faults);
        });
        ServiceValidation.check(after, before, faults);
        if (ServiceSpecs.isExternalName(spec)) {
            spec.remove("internalTrafficPolicy");
        }
    }

    @Override
    public void stored(Others others, Optional<ObjectNode> before, ObjectNode after) {
        addresses.commit(before, Optional.of(after));
    }

    /** Its Endpoints have no owner, but are deleted with their Service all the same. */
    @Override
    public void gone(Others others, ObjectNode service) {
        addresses.commit(Optional.of(service), Optional.empty());
        others.delete(Kinds.ENDPOINTS, Json.namespace(service), Json.name(service), false);
    }
}
