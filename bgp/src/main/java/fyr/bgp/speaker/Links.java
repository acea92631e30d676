package fyr.bgp.speaker;

import java.util.Optional;
import java.util.OptionalInt;

/** The links of this node by name and by number, of which link-local addresses have to be told. Called on the speaker's thread. */
public interface Links {

    /** The number of a link; absent if there is none of this name. */
    OptionalInt index(String name);

    /** The name of a link; empty if there is none of this number. */
    Optional<String> name(int index);
}
