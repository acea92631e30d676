package fyr.bgp.speaker;

import fyr.bgp.path.PeerAddress;
import fyr.bgp.rib.Local;
import fyr.model.address.Prefix;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a speaker is to do.
 *
 * @param mostPaths how many equally good paths to a destination are used together, 1 to 64
 * @param port to listen at; absent if no connections are accepted
 * @param peers with certain addresses
 * @param ranges from which any peer is accepted (dynamic peers), the settings by range
 * @param deferral how long after its start the speaker waits for peers to tell it what they told its predecessor (RFC 4724 section 4.1); zero
 *     if it has none
 */
public record SpeakerSettings(
        Local local,
        int mostPaths,
        Optional<Integer> port,
        SortedMap<PeerAddress, PeerSettings> peers,
        SortedMap<Prefix, PeerSettings> ranges,
        Duration deferral) {

    public SpeakerSettings {
        peers = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(peers));
        ranges = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(ranges));
    }

    /** The settings of the peer at an address; empty if nobody there is expected. */
    Optional<PeerSettings> of(PeerAddress address) {
        return Optional.ofNullable(peers.get(address))
                .or(() -> ranges.entrySet().stream()
                        .filter(range -> range.getKey().contains(address.address()))
                        .map(Map.Entry::getValue)
                        .findFirst());
    }
}
