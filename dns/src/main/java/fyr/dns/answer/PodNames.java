package fyr.dns.answer;

import fyr.dns.message.RecordType;
import fyr.model.address.IpAddress;
import fyr.model.name.DnsView;
import java.util.List;

/**
 * The names below {@code pod.<domain>}: an address with dashes, in a namespace that exists. Gone from the specification with 1.1.0, still
 * relied upon; answered as CoreDNS does with {@code pods insecure}, without a look at the pods.
 */
final class PodNames {

    private PodNames() {}

    static Finding find(DnsView view, String[] path, RecordType type) {
        if (path.length > 2 || !view.namespaces().containsKey(path[path.length - 1])) {
            return Finding.MISSING;
        }
        return path.length == 1 ? Finding.NOTHING : address(path[0], type);
    }

    private static Finding address(String label, RecordType type) {
        boolean ipv4 =
                label.indexOf("--") < 0 && label.chars().filter(c -> c == '-').count() == 3;
        try {
            IpAddress address = IpAddress.parse(label.replace('-', ipv4 ? '.' : ':'));
            return Finding.of(Addresses.data(List.of(address), type));
        } catch (IllegalArgumentException e) {
            return Finding.MISSING;
        }
    }
}
