package fyr.lab.check;

import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.nio.file.Path;

/** One question to one address, asked from inside a network namespace. */
public record Probe(Path network, Protocol protocol, IpAddress address, int port) {}
