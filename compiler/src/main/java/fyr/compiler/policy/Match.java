package fyr.compiler.policy;

import fyr.compiler.Stable;
import fyr.policy.PortTerm;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What distinguishes one peer from another: the terms it matches, as positions in {@link Terms}, and those of its ports that the terms
 * name.
 */
final class Match implements Numbers.Numbered {

    private final int[] terms;
    private final List<NamedPort> ports;
    private final long hash;

    /** A port of the peer that a rule refers to by name. */
    record NamedPort(PortTerm.Named name, PortTerm.Range range) {}

    /** {@code terms} in ascending order, {@code ports} in any order that depends on the peer alone. */
    Match(Terms among, int[] terms, List<NamedPort> ports) {
        this.terms = terms;
        this.ports = ports;
        long sum = ports.isEmpty() ? 0 : Stable.hash(ports.toString());
        for (int term : terms) {
            sum += among.hash(term);
        }
        this.hash = Stable.mix(sum);
    }

    /** The terms that both match; empty if there is none. */
    Optional<Match> intersection(Terms among, Match other) {
        int[] both = Arrays.stream(terms)
                .filter(term -> Arrays.binarySearch(other.terms, term) >= 0)
                .toArray();
        List<NamedPort> named = ports.stream().filter(other.ports::contains).toList();
        return both.length == 0 ? Optional.empty() : Optional.of(new Match(among, both, named));
    }

    /** Orders matches with the same hash, by their texts, because the positions of terms are not part of their contents. */
    static Comparator<Match> order(Terms among) {
        return Comparator.comparingLong(Match::stableHash).thenComparing(match -> match.text(among));
    }

    private String text(Terms among) {
        return Arrays.stream(terms)
                        .mapToObj(term -> among.term(term).toString())
                        .sorted()
                        .toList() + " " + ports;
    }

    int[] terms() {
        return terms;
    }

    List<NamedPort> ports() {
        return ports;
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
                        && Arrays.equals(terms, that.terms)
                        && ports.equals(that.ports);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }
}
