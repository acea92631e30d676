package fyr.compiler.policy.peers;

import fyr.compiler.feature.StableHash;
import fyr.compiler.policy.number.Numbers;
import fyr.policy.PortTerm;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What distinguishes one peer from another: the terms it matches, as positions in {@link Terms}, and those of its ports that the terms
 * name.
 *
 * <p>Where the order of rules counts, a pod's match also says what is known about its address without knowing the pod: packets of the pod
 * are judged by that if no element says otherwise.
 */
public final class Match implements Numbers.Numbered {

    private static final int[] NONE = {};

    private final int[] terms;
    private final int[] possible;
    private final List<NamedPort> ports;
    private final boolean certain;
    private final Optional<Match> below;
    private final long hash;

    /** A port of the peer that a rule refers to by name. */
    public record NamedPort(PortTerm.Named name, PortTerm.Range range) {}

    private Match(
            Terms among, int[] terms, int[] possible, List<NamedPort> ports, boolean certain, Optional<Match> below) {
        this.terms = terms;
        this.possible = possible;
        this.ports = ports;
        this.certain = certain;
        this.below = below;
        long sum = ports.isEmpty() ? 0 : StableHash.hash(ports.toString());
        for (int term : terms) {
            sum += among.hash(term);
        }
        for (int term : possible) {
            sum += 3 * StableHash.mix(among.hash(term));
        }
        sum += certain ? 0 : 1;
        sum += below.map(match -> StableHash.mix(match.hash)).orElse(0L);
        this.hash = StableHash.mix(sum);
    }

    /** {@code terms} in ascending order, {@code ports} in any order that depends on the peer alone. */
    static Match of(Terms among, int[] terms, List<NamedPort> ports) {
        return new Match(among, terms, NONE, ports, true, Optional.empty());
    }

    /** An address in these blocks that may be that of a pod that is not known yet. */
    static Match unknown(Terms among, int[] blocks) {
        return new Match(among, blocks, among.suspects(), List.of(), false, Optional.empty());
    }

    /** A pod of which nothing is known. */
    public static Match unknown(Terms among) {
        return unknown(among, NONE);
    }

    /** The terms that both match; empty if there is none and the order of rules does not count. */
    public Optional<Match> intersection(Terms among, Match other) {
        int[] both = Arrays.stream(terms)
                .filter(term -> Arrays.binarySearch(other.terms, term) >= 0)
                .toArray();
        List<NamedPort> named = ports.stream().filter(other.ports::contains).toList();
        if (!among.ordered()) {
            return both.length == 0 ? Optional.empty() : Optional.of(of(among, both, named));
        }
        int[] either = IntStream.of(among.suspects())
                .filter(term -> Arrays.binarySearch(both, term) < 0)
                .filter(term -> mayMatch(term) || other.mayMatch(term))
                .toArray();
        return Optional.of(new Match(among, both, either, named, false, Optional.empty()));
    }

    private boolean mayMatch(int term) {
        return Arrays.binarySearch(terms, term) >= 0 || Arrays.binarySearch(possible, term) >= 0;
    }

    /** The same pod at an address of which this is known; empty if knowing the pod makes no difference. */
    public Optional<Match> at(Terms among, Optional<Match> address) {
        boolean different = terms.length > 0
                || possible.length > 0
                || address.filter(match -> match.possible.length > 0).isPresent();
        return different ? Optional.of(new Match(among, terms, possible, ports, certain, address)) : Optional.empty();
    }

    /** Orders matches with the same hash, by their texts, because the positions of terms are not part of their contents. */
    public static Comparator<Match> order(Terms among) {
        return Comparator.comparingLong(Match::stableHash).thenComparing(match -> match.text(among));
    }

    private String text(Terms among) {
        return texts(among, terms) + " " + ports + (certain ? "" : " perhaps " + texts(among, possible))
                + below.map(match -> " at " + match.text(among)).orElse("");
    }

    private static List<String> texts(Terms among, int[] positions) {
        return Arrays.stream(positions)
                .mapToObj(term -> among.term(term).toString())
                .sorted()
                .toList();
    }

    /** The terms that it certainly matches, in ascending order. */
    public int[] terms() {
        return terms;
    }

    /** Terms that it matches perhaps, as far as rules may deny something to them. */
    public int[] possible() {
        return possible;
    }

    /** The ports that rules refer to by name. */
    public List<NamedPort> ports() {
        return ports;
    }

    /** Whether it is known for certain which pod this is. Otherwise any port may have any name. */
    public boolean certain() {
        return certain;
    }

    /** What is known about the address without the pod. */
    public Optional<Match> below() {
        return below;
    }

    @Override
    public long stableHash() {
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Match that
                        && hash == that.hash
                        && certain == that.certain
                        && Arrays.equals(terms, that.terms)
                        && Arrays.equals(possible, that.possible)
                        && ports.equals(that.ports)
                        && below.equals(that.below);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }
}
