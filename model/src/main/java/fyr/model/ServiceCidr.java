package fyr.model;

import fyr.model.address.Prefix;
import java.util.List;

/** Ranges from which Services are given their virtual addresses (a ServiceCIDR of networking.k8s.io). */
public record ServiceCidr(String name, List<Prefix> prefixes) {

    public ServiceCidr {
        prefixes = List.copyOf(prefixes);
    }
}
