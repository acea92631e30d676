package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules for addresses and prefixes in fields that are older than strict parsing (apimachinery's {@code IsValidIPForLegacyField} and
 * {@code IsValidCIDRForLegacyField} with the feature StrictIPCIDRValidation, on since 1.36). Values that an object has already are accepted.
 */
final class AddressRules {
    private static final String ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    private static final String PREFIX = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
    private static final Pattern DOTTED = Pattern.compile("(?<six>[0-9a-fA-F:]*:)?(?<four>\\d+\\.\\d+\\.\\d+\\.\\d+)");
    private static final Prefix MAPPED = Prefix.parse("::ffff:0:0/96");
    private static final List<Prefix> LOOPBACK = List.of(Prefix.parse("127.0.0.0/8"), Prefix.parse("::1/128"));
    private static final List<Prefix> LINK_LOCAL = List.of(Prefix.parse("169.254.0.0/16"), Prefix.parse("fe80::/10"));
    private static final List<Prefix> MULTICAST = List.of(Prefix.parse("224.0.0.0/24"), Prefix.parse("ff02::/16"));
    private static final List<Prefix> UNSPECIFIED = List.of(Prefix.parse("0.0.0.0/32"), Prefix.parse("::/128"));

    private AddressRules() {}

    /** Whether the text is an address or one of the former values. */
    static boolean address(String field, String text, List<String> former, List<Fault> faults) {
        Optional<String> fault = former.contains(text) ? Optional.empty() : addressFault(text);
        fault.ifPresent(why -> faults.add(Fault.invalid(field, text, why)));
        return fault.isEmpty();
    }

    private static Optional<String> addressFault(String text) {
        String plain = withoutZeros(text);
        Optional<IpAddress> address = Addresses.address(plain);
        if (address.isEmpty()) {
            return Optional.of(ADDRESS);
        }
        if (!plain.equals(text)) {
            return Optional.of("must not have leading 0s");
        }
        return MAPPED.contains(address.get())
                ? Optional.of("must not be an IPv4-mapped IPv6 address")
                : Optional.empty();
    }

    /** The text without the leading zeros of decimal numbers, which older versions ignored. */
    private static String withoutZeros(String text) {
        Matcher dotted = DOTTED.matcher(text);
        return dotted.matches()
                ? Optional.ofNullable(dotted.group("six")).orElse("")
                        + dotted.group("four").replaceAll("\\b0+(?=\\d)", "")
                : text;
    }

    static void prefix(String field, String text, List<String> former, List<Fault> faults) {
        if (!former.contains(text)) {
            prefixFault(text).ifPresent(why -> faults.add(Fault.invalid(field, text, why)));
        }
    }

    private static Optional<String> prefixFault(String text) {
        int slash = text.indexOf('/');
        String before = slash < 0 ? text : text.substring(0, slash);
        String plain =
                slash < 0 ? text : withoutZeros(before) + text.substring(slash).replaceAll("(?<=/)0+(?=\\d)", "");
        Optional<Prefix> prefix = Addresses.prefix(plain);
        if (prefix.isEmpty()) {
            return Optional.of(PREFIX);
        }
        if (!plain.equals(text)) {
            return Optional.of("must not have leading 0s in IP or prefix length");
        }
        IpAddress address = IpAddress.parse(before);
        if (MAPPED.contains(address)) {
            return Optional.of("must not have an IPv4-mapped IPv6 address");
        }
        return address.equals(prefix.get().address())
                ? Optional.empty()
                : Optional.of("must not have bits set beyond the prefix length");
    }

    /** The rules of an address that packets are sent to ({@code ValidateEndpointIP}). */
    static void endpoint(String field, String text, List<Fault> faults) {
        Addresses.address(withoutZeros(text)).ifPresent(address -> {
            if (isIn(UNSPECIFIED, address)) {
                faults.add(Fault.invalid(field, text, "may not be unspecified (" + text + ")"));
            }
            if (isIn(LOOPBACK, address)) {
                faults.add(Fault.invalid(field, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)"));
            }
            if (isIn(LINK_LOCAL, address)) {
                faults.add(
                        Fault.invalid(field, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)"));
            }
            if (isIn(MULTICAST, address)) {
                faults.add(Fault.invalid(
                        field, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"));
            }
        });
    }

    private static boolean isIn(List<Prefix> prefixes, IpAddress address) {
        return prefixes.stream().anyMatch(prefix -> prefix.contains(address));
    }

    /** What is unusual about a valid address ({@code GetWarningsForIP}). */
    static List<String> addressWarnings(String field, String text) {
        return Addresses.address(text)
                .filter(address ->
                        address.family() == Family.IPV6 && !address.toString().equals(text))
                .map(address -> field + ": IPv6 address \"" + text + "\" should be in RFC 5952 canonical format (\""
                        + address + "\")")
                .stream()
                .toList();
    }

    /** What is unusual about a valid prefix ({@code GetWarningsForCIDR}). */
    static List<String> prefixWarnings(String field, String text) {
        List<String> warnings = new ArrayList<>();
        Addresses.prefix(text)
                .filter(prefix ->
                        prefix.family() == Family.IPV6 && !prefix.toString().equals(text))
                .ifPresent(prefix -> warnings.add(field + ": IPv6 CIDR value \"" + text
                        + "\" should be in RFC 5952 canonical format (\"" + prefix + "\")"));
        return warnings;
    }
}
