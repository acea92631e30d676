package fyr.cluster.read;

import fyr.model.Labels;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one object after another from a parser. Each method reads the value at the parser's position and leaves the parser at that value's
 * last token; a {@code null} counts as absent, as everywhere in Kubernetes. {@link Malformed} names the field.
 */
public final class JsonCursor {

    private final JsonParser json;
    private final Interner interner;
    private final List<Malformed> leftOut = new ArrayList<>();
    private final List<Fault> unsupported = new ArrayList<>(0);
    private String version = "";
    private int root;

    JsonCursor(JsonParser json, Interner interner) {
        this.json = json;
        this.interner = interner;
    }

    /** Calls back for every field of an object, with the parser at its value; what the reader does not read is skipped. */
    void object(Consumer<String> field) {
        if (absent()) {
            return;
        }
        expect(JsonToken.START_OBJECT, "an object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            field.accept(name);
        }
    }

    /** Skips the value, however deep. */
    void skip() {
        json.skipChildren();
    }

    /** The items of an array; none if absent. */
    <T> List<T> list(Supplier<T> item) {
        if (absent()) {
            return List.of();
        }
        expect(JsonToken.START_ARRAY, "an array");
        List<T> items = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            items.add(item.get());
        }
        return items;
    }

    /** The items of an array, each on its own: an item that cannot be true is left out with a complaint, and its place stays empty. */
    <T> List<Optional<T>> each(Supplier<T> item) {
        return list(() -> {
            List<T> good = new ArrayList<>(1);
            attempt(() -> good.add(item.get())).ifPresent(this::leaveOut);
            return good.stream().findFirst();
        });
    }

    /** Notes a complaint about a part of the object that its reader left out. */
    void leaveOut(Malformed complaint) {
        leftOut.add(complaint);
    }

    /** The complaints about what was left out of the marked object. */
    List<Malformed> leftOut() {
        return leftOut;
    }

    /** Notes a part of the object that has a meaning but is not supported yet. */
    void unsupported(Fault fault) {
        unsupported.add(fault);
    }

    /** The parts of the marked object that are not supported. */
    List<Fault> unsupported() {
        return unsupported;
    }

    /** Reads the value at the parser's position. After an error inside it continues at the value's end. */
    Optional<Malformed> attempt(Runnable reading) {
        int depth = json.streamReadContext().getNestingDepth();
        int around = opened() ? depth - 1 : depth;
        try {
            reading.run();
            return Optional.empty();
        } catch (Malformed e) {
            leave(around);
            return Optional.of(e);
        }
    }

    private void leave(int around) {
        while (json.streamReadContext().getNestingDepth() > around) {
            if (json.nextToken() == null) {
                return;
            }
        }
    }

    private boolean opened() {
        return json.currentToken() == JsonToken.START_OBJECT || json.currentToken() == JsonToken.START_ARRAY;
    }

    boolean absent() {
        return json.currentToken() == JsonToken.VALUE_NULL;
    }

    /** A string; empty if absent. */
    String text() {
        if (absent()) {
            return "";
        }
        expect(JsonToken.VALUE_STRING, "a string");
        return json.getString();
    }

    /** A string that many objects have. */
    String sharedText() {
        return interner.intern(text());
    }

    /** A string that many objects have, or nothing if empty. */
    Optional<String> optional() {
        String text = text();
        return text.isEmpty() ? Optional.empty() : interner.intern(Optional.of(interner.intern(text)));
    }

    <T> T shared(T value) {
        return interner.intern(value);
    }

    /** Notes the value as the resource version of the marked object. */
    void noteVersion() {
        version = json.getValueAsString("");
    }

    /** The resource version of the marked object; empty if it has none. */
    String version() {
        return version;
    }

    boolean flag() {
        if (absent()) {
            return false;
        }
        if (json.currentToken() != JsonToken.VALUE_TRUE && json.currentToken() != JsonToken.VALUE_FALSE) {
            throw malformed("must be true or false");
        }
        return json.currentToken() == JsonToken.VALUE_TRUE;
    }

    boolean number() {
        return json.currentToken() == JsonToken.VALUE_NUMBER_INT;
    }

    /** A number in this range. */
    int integer(int least, int most) {
        boolean small = number() && json.getNumberType() == JsonParser.NumberType.INT;
        if (!small || json.getIntValue() < least || json.getIntValue() > most) {
            throw malformed("must be a number from " + least + " to " + most);
        }
        return json.getIntValue();
    }

    /** An integer of 64 bits; 0 if absent. */
    long integer() {
        if (absent()) {
            return 0;
        }
        if (!number() || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw malformed("must be an integer of 64 bits");
        }
        return json.getLongValue();
    }

    /** A port, {@code least} to 65535. */
    int port(int least) {
        boolean small = number() && json.getNumberType() == JsonParser.NumberType.INT;
        int port = small ? json.getIntValue() : -1;
        if (port < least || port > 65535) {
            throw malformed("must be a port from " + least + " to 65535");
        }
        return port;
    }

    IpAddress address() {
        return parsed(IpAddress::parse);
    }

    Prefix prefix() {
        return parsed(Prefix::parse);
    }

    /** A text without white space around it, which the API server lets pass in some fields. */
    <T> T trimmed(Function<String, T> parser) {
        return parsed(text -> parser.apply(text.strip()));
    }

    private <T> T parsed(Function<String, T> parser) {
        String text = text();
        try {
            return SloppyText.parse(text, parser);
        } catch (IllegalArgumentException e) {
            throw malformed(Excerpt.of(String.valueOf(e.getMessage())));
        }
    }

    /** A moment (RFC 3339) in seconds since 1970; 0 if absent. */
    long time() {
        String text = text();
        try {
            return text.isEmpty() ? 0 : OffsetDateTime.parse(text).toEpochSecond();
        } catch (DateTimeParseException e) {
            throw malformed("not a time: '" + Excerpt.of(text) + "'");
        }
    }

    Protocol protocol() {
        return one(
                "protocol", Map.of("", Protocol.TCP, "TCP", Protocol.TCP, "UDP", Protocol.UDP, "SCTP", Protocol.SCTP));
    }

    /** One of these words. */
    <T> T one(String kind, Map<String, T> words) {
        String text = text();
        T value = words.get(text);
        if (value == null) {
            throw malformed("unknown " + kind + " '" + Excerpt.of(text) + "'");
        }
        return value;
    }

    /** A map of strings. */
    Labels labels() {
        TreeMap<String, String> labels = new TreeMap<>();
        object(name -> labels.put(interner.intern(name), sharedText()));
        return labels.isEmpty() ? Labels.none() : interner.intern(Labels.of(labels));
    }

    private void expect(JsonToken token, String what) {
        if (json.currentToken() != token) {
            throw malformed("must be " + what + ", not " + seen());
        }
    }

    private String seen() {
        JsonToken token = json.currentToken();
        return token == null
                ? "the end"
                : token.name().toLowerCase(Locale.ROOT).replace("value_", "").replace('_', ' ');
    }

    /** A complaint about the value at the parser's position. */
    Malformed malformed(String what) {
        return new Malformed(path(), what);
    }

    /** {@code /items/3/spec/ports/0/port} as {@code spec.ports[0].port}. */
    private String path() {
        StringBuilder path = new StringBuilder();
        var context = json.streamReadContext();
        if (opened() && context.getParent() != null) {
            context = context.getParent();
        }
        for (; context != null && context.getNestingDepth() >= root; context = context.getParent()) {
            String rest = path.isEmpty() || path.charAt(0) == '[' ? path.toString() : "." + path;
            if (context.inArray()) {
                path = new StringBuilder("[" + context.getCurrentIndex() + "]").append(rest);
            } else if (context.currentName() != null) {
                path = new StringBuilder(context.currentName()).append(rest);
            }
        }
        return path.toString();
    }

    /** Marks the object that starts at the parser's position as the root of paths. */
    void begin() {
        version = "";
        root = json.streamReadContext().getNestingDepth();
        leftOut.clear();
        unsupported.clear();
    }
}
