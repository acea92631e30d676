package fyr.bgp.message;

/** The peer is there, and accepts the OPEN if it was not yet accepted (RFC 4271 section 4.4). */
public record Keepalive() implements Message {}
