package fyr.cluster.protobuf;

import java.util.Set;

/**
 * A wanted field of a message.
 *
 * @param number as in the .proto file
 * @param name as in JSON
 */
record Field(int number, String name, Type type, boolean repeated) {

    /** What a field holds. */
    sealed interface Type {}

    /** A string; an empty one counts as absent, unless the field is repeated. */
    record Text() implements Type {}

    /** A bool. */
    record Flag() implements Type {}

    /** An int32 or int64; zero counts as absent. */
    record Number() implements Type {}

    /** Another message. */
    record Nested(Message message) implements Type {}

    /**
     * A map of strings.
     *
     * @param only the keys that are wanted; if there are none, all are
     */
    record TextMap(Set<String> only) implements Type {}

    /** meta/v1 Time, in JSON a text of RFC 3339 in whole seconds. */
    record Time() implements Type {}

    /** util/intstr IntOrString, in JSON either an integer or a string. */
    record NumberOrText() implements Type {}

    static Field text(int number, String name) {
        return new Field(number, name, new Text(), false);
    }

    static Field texts(int number, String name) {
        return new Field(number, name, new Text(), true);
    }

    static Field flag(int number, String name) {
        return new Field(number, name, new Flag(), false);
    }

    static Field number(int number, String name) {
        return new Field(number, name, new Number(), false);
    }

    static Field one(int number, String name, Message message) {
        return new Field(number, name, new Nested(message), false);
    }

    static Field many(int number, String name, Message message) {
        return new Field(number, name, new Nested(message), true);
    }

    static Field map(int number, String name, String... only) {
        return new Field(number, name, new TextMap(Set.of(only)), false);
    }

    static Field time(int number, String name) {
        return new Field(number, name, new Time(), false);
    }

    static Field numberOrText(int number, String name) {
        return new Field(number, name, new NumberOrText(), false);
    }
}
