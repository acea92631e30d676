package fyr.cluster.read;

import fyr.cluster.protobuf.Schemas;

/** Reads the object of a bookmark, of which only the metadata says anything. */
final class Bookmarks {
    private final JsonCursor json;
    private boolean listed;

    private Bookmarks(JsonCursor json) {
        this.json = json;
    }

    /** Reads the bookmark at the parser's position. A part that is not what it should be counts as absent. */
    static <K, V> Event.Bookmark<K, V> read(JsonCursor json) {
        Bookmarks bookmark = new Bookmarks(json);
        json.begin();
        json.object(field -> json.attempt(() -> bookmark.part(field)));
        return new Event.Bookmark<>(json.version(), bookmark.listed);
    }

    private void part(String field) {
        if (field.equals("metadata")) {
            json.object(name -> json.attempt(() -> metadata(name)));
        } else {
            json.skip();
        }
    }

    private void metadata(String field) {
        switch (field) {
            case "resourceVersion" -> json.noteVersion();
            case "annotations" -> json.object(this::annotation);
            default -> json.skip();
        }
    }

    private void annotation(String name) {
        if (name.equals(Schemas.INITIAL_EVENTS_END)) {
            listed = json.text().equals("true");
        } else {
            json.skip();
        }
    }
}
