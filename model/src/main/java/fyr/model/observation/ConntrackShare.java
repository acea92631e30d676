package fyr.model.observation;

/**
 * A part of the connection tracking table, and whose it is.
 *
 * @param kind {@code Pod} or {@code Service}
 * @param name {@code namespace/name}
 * @param opened whether the pod opened these connections; otherwise they lead to it
 * @param percent of all entries, estimated from a sample
 */
public record ConntrackShare(String kind, String name, boolean opened, int percent) {

    /** A part of a sentence for people. */
    public String text() {
        return "about " + percent + " % are connections " + (opened ? "from " : "to ") + kind + " " + name;
    }
}
