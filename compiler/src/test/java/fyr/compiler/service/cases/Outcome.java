package fyr.compiler.service.cases;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What becomes of a connection. */
sealed interface Outcome {

    /**
     * It reaches an endpoint.
     *
     * @param masqueraded whether the endpoint sees another address than the client's
     */
    record Reached(Place endpoint, int port, boolean masqueraded) implements Outcome {}

    /** The client is told that nobody takes it. */
    record Refused() implements Outcome {}

    /** The client is told nothing. */
    record Dropped() implements Outcome {}

    /** It goes where it would go without services. */
    record Untouched() implements Outcome {}

    /** Each connection is refused. */
    Set<Outcome> REFUSED = Set.of(new Refused());

    /** Each connection is dropped. */
    Set<Outcome> DROPPED = Set.of(new Dropped());

    /** No connection is a service's. */
    Set<Outcome> UNTOUCHED = Set.of(new Untouched());

    /** Each connection reaches one of these, which sees who it is from. */
    static Set<Outcome> reaches(Place... endpoints) {
        return reached(false, endpoints);
    }

    /** Each connection reaches one of these, which sees an address of this node. */
    static Set<Outcome> masqueraded(Place... endpoints) {
        return reached(true, endpoints);
    }

    private static Set<Outcome> reached(boolean masqueraded, Place... endpoints) {
        return Stream.of(endpoints)
                .map(endpoint -> new Reached(endpoint, Scene.TARGET_PORT, masqueraded))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Any of both. */
    static Set<Outcome> either(Set<Outcome> some, Set<Outcome> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toUnmodifiableSet());
    }
}
