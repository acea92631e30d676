package fyr.cluster.protobuf;

import java.util.List;

/** What is wanted of a message; everything else in it is passed over. */
public final class Message {

    private final List<Field> fields;

    private Message(List<Field> fields) {
        this.fields = fields;
    }

    static Message of(Field... fields) {
        return new Message(List.of(fields));
    }

    List<Field> fields() {
        return fields;
    }
}
