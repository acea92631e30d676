package fyr.linux.route;

import fyr.model.address.Family;
import fyr.model.address.Prefix;
import java.util.Optional;

/**
 * A rule that says which routing table is asked for a packet (ip-rule(8)).
 *
 * @param priority lower ones come first; the kernel's own are 0, 32766 and 32767
 * @param source the packet's source address lies in it; empty for any
 * @param mark the packet's mark, after {@code mask}, is this; both 0 for any
 * @param table number of the routing table
 */
public record PolicyRule(Family family, int priority, Optional<Prefix> source, int mark, int mask, int table) {}
