package fyr.apiserver.kinds;

import fyr.model.address.Prefix;
import java.util.List;

/** The settings of a server that kinds need: the ranges for Services, and those that Nodes get their pod prefixes from. */
public record Setup(List<Prefix> serviceRanges, List<Prefix> podRanges) {}
