package fyr.cluster.read;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.ServiceCidr;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** networking.k8s.io/v1 ServiceCIDR. */
final class ServiceCidrBody implements ObjectReader.Body<ServiceCidr> {

    private final List<Prefix> prefixes = new ArrayList<>();

    @Override
    public boolean field(String name, JsonCursor json) {
        if (!name.equals("spec")) {
            return false;
        }
        json.object(field -> {
            switch (field) {
                case "cidrs" -> json.each(json::prefix).forEach(prefix -> prefix.ifPresent(prefixes::add));
                default -> json.skip();
            }
        });
        return true;
    }

    @Override
    public Optional<ServiceCidr> finish(NamespacedName name, Labels labels, JsonCursor json) {
        return Optional.of(new ServiceCidr(name.name(), prefixes));
    }
}
