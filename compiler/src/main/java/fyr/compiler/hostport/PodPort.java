package fyr.compiler.hostport;

import fyr.model.address.IpAddress;

/** Where a host port leads: a port of a pod. */
public record PodPort(IpAddress address, int port) {}
