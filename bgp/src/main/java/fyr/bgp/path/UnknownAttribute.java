package fyr.bgp.path;

/**
 * An optional transitive attribute whose meaning is not known. It is passed on with the Partial bit set (RFC 4271 section 5). Attributes that
 * are not transitive are not kept.
 *
 * @param code 1 to 255
 * @param value at most 65535 bytes
 */
public record UnknownAttribute(int code, Octets value) {}
