package fyr.bgp.speaker;

import fyr.bgp.message.Notification;
import fyr.bgp.path.PeerAddress;
import fyr.bgp.session.Negotiated;
import fyr.bgp.session.Phase;
import fyr.model.address.Family;
import java.util.Map;
import java.util.Optional;

/**
 * A peer as it is now.
 *
 * @param since milliseconds of {@link System#currentTimeMillis} when it came into or left the state Established
 * @param lastEnd why the last connection ended, in words
 * @param lastNotification the last one that either side sent
 * @param received paths that the peer announced, by family
 * @param sent destinations that the peer was told, by family
 * @param messages how many messages were read from the peer since the speaker knows it
 * @param faults how many attributes were discarded or routes withdrawn because of errors in UPDATEs (RFC 7606)
 */
public record PeerStatus(
        String name,
        PeerAddress address,
        Phase phase,
        long since,
        Optional<Negotiated> negotiated,
        Optional<String> lastEnd,
        Optional<Notification> lastNotification,
        Map<Family, Integer> received,
        Map<Family, Integer> sent,
        long messages,
        long faults) {

    public PeerStatus {
        received = Map.copyOf(received);
        sent = Map.copyOf(sent);
    }
}
