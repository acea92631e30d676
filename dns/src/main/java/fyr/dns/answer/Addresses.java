package fyr.dns.answer;

import fyr.dns.message.RecordData;
import fyr.dns.message.RecordType;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import java.util.ArrayList;
import java.util.List;

/** Addresses as record data. */
final class Addresses {

    private Addresses() {}

    static RecordData data(IpAddress address) {
        return switch (address) {
            case Ipv4Address ipv4 -> new RecordData.A(ipv4);
            case Ipv6Address ipv6 -> new RecordData.Aaaa(ipv6);
        };
    }

    /** The addresses whose records are of this type: of one family, or none. */
    static List<RecordData> data(List<IpAddress> addresses, RecordType type) {
        List<RecordData> data = new ArrayList<>(addresses.size());
        for (IpAddress address : addresses) {
            RecordData one = data(address);
            if (one.type().equals(type)) {
                data.add(one);
            }
        }
        return data;
    }
}
