package fyr.apiserver.kinds;

import fyr.apiserver.object.Age;
import fyr.apiserver.object.Json;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * A column of a table.
 *
 * @param wide shown with {@code -o wide} only
 * @param cell the text of an object's cell at a time
 */
public record Column(String name, boolean number, boolean wide, BiFunction<JsonNode, Instant, String> cell) {

    /** A column of text. */
    public static Column text(String name, Function<JsonNode, String> cell) {
        return new Column(name, false, false, (object, now) -> cell.apply(object));
    }

    /** A column of text that is shown with {@code -o wide} only. */
    public static Column wide(String name, Function<JsonNode, String> cell) {
        return new Column(name, false, true, (object, now) -> cell.apply(object));
    }

    /** A column of the number at this path. */
    public static Column number(String name, String... path) {
        return new Column(name, true, false, (object, now) -> Long.toString(Json.number(object, 0, path)));
    }

    /** The name of the object. */
    public static final Column NAME = text("Name", Json::name);
    /** The time since the object was created. */
    public static final Column AGE = new Column("Age", false, false, Age::of);
}
