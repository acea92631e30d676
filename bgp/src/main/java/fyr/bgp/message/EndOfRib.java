package fyr.bgp.message;

import fyr.bgp.path.AddressFamily;

/** All routes of a family that there were at the start have been announced (RFC 4724 section 2). On the wire it is an UPDATE. */
public record EndOfRib(AddressFamily family) implements Message {}
