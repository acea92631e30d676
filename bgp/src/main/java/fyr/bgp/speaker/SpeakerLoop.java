package fyr.bgp.speaker;

import fyr.bgp.path.Links;
import fyr.bgp.rib.Rib;
import fyr.bgp.session.Line;
import java.io.IOException;

/** What a {@link Peer} needs of the speaker that it belongs to. */
interface SpeakerLoop {

    /** Milliseconds of a clock that is never set back. */
    long now();

    Timers timers();

    Rib rib();

    Links links();

    /** Begins to make a connection. */
    Connection connect(Peer peer, Line line) throws IOException;

    /** A connection sends nothing any more and is closed when the peer has read everything, or soon. */
    void ending(Connection connection);

    /** A peer's session, or what was kept of it, is over. */
    void isDown(Peer peer);

    void log(String line);
}
