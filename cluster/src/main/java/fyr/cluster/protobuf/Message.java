package fyr.cluster.protobuf;

import java.util.List;

/** The wanted fields of a message; everything else in it is skipped. */
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
