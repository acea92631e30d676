package fyr.dns.answer;

import fyr.dns.message.DnsName;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.Optional;

/** Names below {@code in-addr.arpa} and {@code ip6.arpa} (RFC 1035 section 3.5, RFC 3596 section 2.5), whole or only their upper part. */
final class ReverseName {

    private static final DnsName IPV4 = DnsName.parse("in-addr.arpa");
    private static final DnsName IPV6 = DnsName.parse("ip6.arpa");

    private ReverseName() {}

    /** The block of addresses a name stands for; a single address if it is whole. */
    static Optional<Prefix> block(DnsName name) {
        return name.isWithin(IPV4)
                ? block(name.labelsBelow(IPV4), Family.IPV4, 10)
                : name.isWithin(IPV6) ? block(name.labelsBelow(IPV6), Family.IPV6, 16) : Optional.empty();
    }

    private static Optional<Prefix> block(String[] labels, Family family, int radix) {
        int width = radix == 10 ? 8 : 4;
        if (labels.length == 0 || labels.length * width > family.bits()) {
            return Optional.empty();
        }
        byte[] bytes = new byte[family.bytes()];
        for (int i = 0; i < labels.length; i++) {
            int value = number(labels[labels.length - 1 - i], radix);
            if (value < 0) {
                return Optional.empty();
            }
            bytes[i * width / 8] |= (byte) (width == 4 && i % 2 == 0 ? value << 4 : value);
        }
        return Optional.of(new Prefix(IpAddress.of(bytes), labels.length * width));
    }

    private static int number(String label, int radix) {
        boolean digits = label.length() <= (radix == 10 ? 3 : 1)
                && (label.length() == 1 || label.charAt(0) != '0')
                && label.chars().allMatch(c -> c < 128 && Character.digit(c, radix) >= 0);
        int value = digits ? Integer.parseInt(label, radix) : -1;
        return value > 255 ? -1 : value;
    }

    /** The name of the zone for an address in a block: the block itself, cut at the next octet or nibble below. */
    static DnsName zone(IpAddress address, Prefix block) {
        int width = address.family() == Family.IPV4 ? 8 : 4;
        int labels = (block.length() + width - 1) / width;
        byte[] bytes = address.toBytes();
        DnsName name = width == 8 ? IPV4 : IPV6;
        for (int i = 0; i < labels; i++) {
            int octet = bytes[i * width / 8] & 255;
            name = name.child(
                    width == 8 ? Integer.toString(octet) : Integer.toHexString(i % 2 == 0 ? octet >>> 4 : octet & 15));
        }
        return name;
    }
}
