package fyr.bgp.path;

import java.util.Optional;
import java.util.OptionalInt;

/** The links of this node by name and by number. Whoever has it may be called on any thread. */
public interface Links {

    /** The number of a link; empty if there is none of this name. */
    OptionalInt index(String name);

    /** The name of a link; empty if there is none of this number. */
    Optional<String> name(int index);
}
