package fyr.cluster.protobuf;

import java.time.DateTimeException;
import java.time.Instant;

/** Writes a message as the JSON of the API. The schema limits the depth. */
final class Transcoder {

    private final JsonBytes out;

    Transcoder(JsonBytes out) {
        this.out = out;
    }

    /** The message in these bytes. */
    void message(Message message, byte[] bytes, int from, int to) throws MalformedProtobufException {
        out.open('{');
        for (Field field : message.fields()) {
            if (field.repeated()) {
                several(field, bytes, from, to);
            } else {
                single(field, bytes, from, to);
            }
        }
        out.close('}');
    }

    /** Maps are repeated messages; of any other field that occurs several times the last one counts (protobuf encoding guide). */
    private void single(Field field, byte[] bytes, int from, int to) throws MalformedProtobufException {
        if (field.type() instanceof Field.TextMap map) {
            map(field, map, bytes, from, to);
            return;
        }
        int start = -1;
        Fields each = new Fields(bytes, from, to);
        for (int before = each.position(); each.next(); before = each.position()) {
            start = each.number() == field.number() ? before : start;
        }
        if (start >= 0) {
            Fields last = new Fields(bytes, start, to);
            if (last.next() && present(field, last)) {
                out.name(field.name());
                value(field, last, bytes);
            }
        }
    }

    /** The values that encoders in Go write for unset fields, where JSON differs. */
    private static boolean present(Field field, Fields at) throws MalformedProtobufException {
        return switch (field.type()) {
            case Field.Text _, Field.Time _ -> at.from() < at.to();
            case Field.Number _ -> at.value() != 0;
            default -> true;
        };
    }

    private void several(Field field, byte[] bytes, int from, int to) throws MalformedProtobufException {
        boolean any = false;
        for (Fields each = new Fields(bytes, from, to); each.next(); ) {
            if (each.number() == field.number()) {
                if (!any) {
                    out.name(field.name()).open('[');
                    any = true;
                }
                value(field, each, bytes);
            }
        }
        if (any) {
            out.close(']');
        }
    }

    private void value(Field field, Fields at, byte[] bytes) throws MalformedProtobufException {
        switch (field.type()) {
            case Field.Text _ -> out.text(bytes, at.from(), at.to());
            case Field.Flag _ -> out.literal(at.value() == 0 ? "false" : "true");
            case Field.Number _ -> out.literal(Long.toString(at.value()));
            case Field.Nested(Message message) -> message(message, bytes, at.from(), at.to());
            case Field.Time _ -> time(at.nested());
            case Field.NumberOrText _ -> numberOrText(at.nested());
            case Field.TextMap _ -> throw new IllegalStateException("a map is no single value");
        }
    }

    private void map(Field field, Field.TextMap map, byte[] bytes, int from, int to) throws MalformedProtobufException {
        boolean any = false;
        for (Fields each = new Fields(bytes, from, to); each.next(); ) {
            if (each.number() == field.number()) {
                String[] keyAndValue = entry(each.nested());
                if (map.only().isEmpty() || map.only().contains(keyAndValue[0])) {
                    if (!any) {
                        out.name(field.name()).open('{');
                        any = true;
                    }
                    out.name(keyAndValue[0]).text(keyAndValue[1]);
                }
            }
        }
        if (any) {
            out.close('}');
        }
    }

    private static String[] entry(Fields fields) throws MalformedProtobufException {
        String[] keyAndValue = {"", ""};
        while (fields.next()) {
            if (fields.number() == 1 || fields.number() == 2) {
                keyAndValue[fields.number() - 1] = fields.text();
            }
        }
        return keyAndValue;
    }

    private void time(Fields fields) throws MalformedProtobufException {
        long seconds = 0;
        while (fields.next()) {
            seconds = fields.number() == 1 ? fields.value() : seconds;
        }
        try {
            out.text(Instant.ofEpochSecond(seconds).toString());
        } catch (DateTimeException e) {
            throw new MalformedProtobufException("a time outside of all calendars");
        }
    }

    private void numberOrText(Fields fields) throws MalformedProtobufException {
        long type = 0;
        long number = 0;
        String text = "";
        while (fields.next()) {
            switch (fields.number()) {
                case 1 -> type = fields.value();
                case 2 -> number = fields.value();
                case 3 -> text = fields.text();
                default -> {} // none that we know
            }
        }
        if (type == 1) {
            out.text(text);
        } else {
            out.literal(Long.toString(number));
        }
    }
}
