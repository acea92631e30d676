package fyr.bgp.message;

import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PathPrefixes;
import java.util.List;

/**
 * Paths that are gone and paths that are new or changed. A prefix that is both withdrawn and announced is announced (RFC 4271 section 4.3), so
 * the withdrawals are to be applied first. Each list may name one family several times.
 */
public record Update(List<PathPrefixes> withdrawn, List<Announcement> announced) implements Message {

    /** Paths with the same attributes, the next hop among them. */
    public record Announcement(PathAttributes attributes, PathPrefixes prefixes) {}

    public Update {
        withdrawn = List.copyOf(withdrawn);
        announced = List.copyOf(announced);
    }

    /** Only withdrawals, of one family. */
    public static Update withdraw(PathPrefixes prefixes) {
        return new Update(List.of(prefixes), List.of());
    }

    /** Only announcements, of one family. */
    public static Update announce(PathAttributes attributes, PathPrefixes prefixes) {
        return new Update(List.of(), List.of(new Announcement(attributes, prefixes)));
    }
}
