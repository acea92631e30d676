package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;

/** Addresses and prefixes as texts in manifests. */
final class Addresses {
    private Addresses() {}

    static Optional<IpAddress> address(String text) {
        try {
            return Optional.of(IpAddress.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Optional<Prefix> prefix(String text) {
        try {
            return Optional.of(Prefix.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The name that Kubernetes gives a family. */
    static String name(Family family) {
        return family == Family.IPV4 ? "IPv4" : "IPv6";
    }

    static Family family(String name) {
        return name.equals("IPv6") ? Family.IPV6 : Family.IPV4;
    }

    static void check(String field, String text, List<Fault> faults) {
        if (address(text).isEmpty()) {
            faults.add(Fault.invalid(field, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
        }
    }

    static void check(String field, String text, String family, List<Fault> faults) {
        Optional<IpAddress> address = address(text);
        if (address.isEmpty() || !name(address.get().family()).equals(family)) {
            faults.add(Fault.invalid(field, text, "must be a valid " + family + " address"));
        }
    }
}
