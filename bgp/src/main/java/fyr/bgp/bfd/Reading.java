package fyr.bgp.bfd;

/** What became of the bytes of a datagram. */
public sealed interface Reading permits ControlPacket, Discard {}
