package fyr.bgp.speaker;

import fyr.bgp.message.EndOfRib;
import fyr.bgp.message.RouteRefresh;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PathPrefixes;
import fyr.bgp.rib.AdjRibOut;
import fyr.bgp.rib.Rib;
import fyr.bgp.rib.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells a peer in one session the routes that it has to know. */
final class Outbound {

    /** As many destinations are written before others have their turn. */
    private static final int AT_ONCE = 4096;

    private static final int LONGEST = 65_535;

    private final Rib rib;
    private final Source source;
    private final Connection connection;
    private final boolean enhancedRefresh;
    private final Set<AddressFamily> families;

    /** Families of which the peer has not been told yet that it knows everything. */
    private final Set<AddressFamily> untold;

    /** Families that the peer asked for again, and is told the end of (RFC 7313). */
    private final Set<AddressFamily> refreshing = new LinkedHashSet<>();

    Outbound(Rib rib, Source source, Connection connection, Set<AddressFamily> families, boolean enhancedRefresh) {
        this.rib = rib;
        this.source = source;
        this.connection = connection;
        this.families = families;
        this.untold = new LinkedHashSet<>(families);
        this.enhancedRefresh = enhancedRefresh;
    }

    private Optional<AdjRibOut> out(AddressFamily family) {
        return rib.out(source, family.addresses());
    }

    /** Whether the peer has to be told anything and reads what it is told. */
    boolean isReady() {
        return connection.isFlushed()
                && (!untold.isEmpty()
                        || !refreshing.isEmpty()
                        || families.stream()
                                .anyMatch(family -> out(family)
                                        .filter(routes -> !routes.isEmpty())
                                        .isPresent()));
    }

    /** Everything of a family is to be told again. */
    void refresh(AddressFamily family) throws IOException {
        Optional<AdjRibOut> routes = out(family);
        if (routes.isPresent()) {
            routes.get().refresh();
            if (enhancedRefresh && refreshing.add(family)) {
                connection.send(new RouteRefresh(family, RouteRefresh.BEGIN));
            }
        }
    }

    /** Tells some of it. */
    void tell(ByteBuffer scratch) throws IOException {
        for (AddressFamily family : families) {
            Optional<AdjRibOut> routes = out(family);
            if (routes.isPresent() && !routes.get().isEmpty()) {
                tell(rib.take(routes.get(), family.addresses(), AT_ONCE), scratch);
            } else {
                finish(family);
            }
        }
    }

    private void tell(AdjRibOut.Batch batch, ByteBuffer scratch) throws IOException {
        withdraw(batch.withdrawn(), scratch);
        for (Map.Entry<PathAttributes, PathPrefixes> each : batch.announced().entrySet()) {
            announce(each.getKey(), each.getValue(), scratch);
        }
        send(scratch);
    }

    private void announce(PathAttributes attributes, PathPrefixes prefixes, ByteBuffer scratch) throws IOException {
        int from = 0;
        while (from < prefixes.size()) {
            int next = connection.packer().announce(attributes, prefixes, from, room(scratch));
            if (next == from) {
                // The attributes alone fill a message. The peer must not keep what it was told before.
                withdraw(prefixes, scratch);
                return;
            }
            from = next;
        }
    }

    private void withdraw(PathPrefixes prefixes, ByteBuffer scratch) throws IOException {
        int from = 0;
        while (from < prefixes.size()) {
            from = connection.packer().withdraw(prefixes, from, room(scratch));
        }
    }

    /** Room for one more message of any length. */
    private ByteBuffer room(ByteBuffer scratch) throws IOException {
        if (scratch.remaining() < LONGEST) {
            send(scratch);
        }
        return scratch;
    }

    private void send(ByteBuffer scratch) throws IOException {
        connection.send(scratch.flip());
        scratch.clear();
    }

    /** Everything was told: the peer hears so once (RFC 4724 section 2), and after a refresh (RFC 7313). */
    private void finish(AddressFamily family) throws IOException {
        if (untold.remove(family)) {
            connection.send(new EndOfRib(family));
        }
        if (refreshing.remove(family)) {
            connection.send(new RouteRefresh(family, RouteRefresh.END));
        }
    }
}
