package fyr.bgp.message;

import fyr.model.address.Ipv4Address;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who the speaker is and what it can do (RFC 4271 section 4.2), in version 4.
 *
 * @param shortAs the AS number as far as it fits into two octets, 0 to 65535
 * @param holdTime seconds, 0 or 3 to 65535
 * @param identifier never 0.0.0.0 (RFC 6286)
 */
public record Open(int shortAs, int holdTime, Ipv4Address identifier, List<Capability> capabilities)
        implements Message {

    /** The number in place of those that do not fit into two octets (RFC 6793 section 9). */
    public static final int AS_TRANS = 23456;

    public Open {
        capabilities = List.copyOf(capabilities);
    }

    /** What a speaker with this AS number sends: the number is among the capabilities as well. */
    public static Open of(long as, int holdTime, Ipv4Address identifier, List<Capability> others) {
        List<Capability> all = Stream.concat(others.stream(), Stream.of(new Capability.FourOctetAs(as)))
                .toList();
        return new Open(as > 0xffff ? AS_TRANS : (int) as, holdTime, identifier, all);
    }

    /** The AS number of the speaker, 0 to 4294967295 (RFC 6793 section 4.1). */
    public long as() {
        return find(Capability.FourOctetAs.class)
                .map(Capability.FourOctetAs::as)
                .orElse((long) shortAs);
    }

    /** All capabilities of one kind, in order. */
    public <C extends Capability> List<C> all(Class<C> kind) {
        return capabilities.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The last capability of one kind: where one is there several times, the last one counts. */
    public <C extends Capability> Optional<C> find(Class<C> kind) {
        List<C> all = all(kind);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /** Whether there is a capability of this kind. */
    public boolean has(Class<? extends Capability> kind) {
        return capabilities.stream().anyMatch(kind::isInstance);
    }
}
