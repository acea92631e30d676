package fyr.dns.message;

import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a record says. Types without a case of their own are carried as {@link Opaque} bytes. */
public sealed interface RecordData {

    /** The type of a record with this data. */
    RecordType type();

    record A(Ipv4Address address) implements RecordData {
        @Override
        public RecordType type() {
            return RecordType.A;
        }
    }

    record Aaaa(Ipv6Address address) implements RecordData {
        @Override
        public RecordType type() {
            return RecordType.AAAA;
        }
    }

    /** A service's port at a host (RFC 2782); all numbers 0 to 65535. */
    record Srv(int priority, int weight, int port, DnsName target) implements RecordData {
        @Override
        public RecordType type() {
            return RecordType.SRV;
        }
    }

    record Ptr(DnsName target) implements RecordData {
        @Override
        public RecordType type() {
            return RecordType.PTR;
        }
    }

    record Cname(DnsName target) implements RecordData {
        @Override
        public RecordType type() {
            return RecordType.CNAME;
        }
    }

    record Ns(DnsName target) implements RecordData {
        @Override
        public RecordType type() {
            return RecordType.NS;
        }
    }

    /** The start of a zone; times in seconds, all numbers unsigned 32 bits. {@code minimum} is the TTL of denials (RFC 2308). */
    record Soa(DnsName primary, DnsName mailbox, long serial, long refresh, long retry, long expire, long minimum)
            implements RecordData {
        @Override
        public RecordType type() {
            return RecordType.SOA;
        }
    }

    /** Character strings of at most 255 octets, each octet one character (ISO 8859-1). */
    record Txt(List<String> strings) implements RecordData {
        public Txt {
            strings = List.copyOf(strings);
        }

        @Override
        public RecordType type() {
            return RecordType.TXT;
        }
    }

    /** Data of any other type, names in it uncompressed. The array is not to be changed. */
    record Opaque(RecordType type, byte[] bytes) implements RecordData {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Opaque(var otherType, var otherBytes)
                    && otherType.equals(type)
                    && Arrays.equals(otherBytes, bytes);
        }

        @Override
        public int hashCode() {
            return 31 * type.hashCode() + Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "\\# " + bytes.length + " " + HexFormat.of().formatHex(bytes);
        }
    }
}
