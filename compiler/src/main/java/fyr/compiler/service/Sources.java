package fyr.compiler.service;

import fyr.model.address.Prefix;
import java.util.List;

/** Who may connect to a frontend. */
public sealed interface Sources {

    /** Everyone. */
    record Everyone() implements Sources {}

    /** Clients with an address in one of these prefixes, which are of the frontend's family, disjoint and ascending. Nobody may if there are none. */
    record Only(List<Prefix> prefixes) implements Sources {}
}
