package fyr.compiler.policy.rules;

import fyr.compiler.policy.peers.Match;
import fyr.policy.Action;
import fyr.policy.PortTerm;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a group's rules say together about one peer, port by port. For every port that any rule names, the first rule that matches is
 * noted for each tier, so that the verdict of the tiers in order is found at once.
 */
public final class Verdicts {

    private static final int NO_RULE = Integer.MAX_VALUE;

    private final Group group;
    private final PortClasses classes;

    // For each tier: rank and action of the first rule that matches, then the rank of the first that perhaps passes.
    private final int[] any;
    private final Map<Port, int[]> ranges = new HashMap<>(4);
    private final Map<Port, int[]> ports = new HashMap<>(4);

    /** A port, or a class of ports, of a protocol. */
    public record Port(int protocol, int number) {}

    /** Without any rules yet. */
    public Verdicts(Group group, PortClasses classes) {
        this.group = group;
        this.classes = classes;
        this.any = none();
    }

    /** The group. */
    public Group group() {
        return group;
    }

    private int[] none() {
        int[] none = new int[2 * group.tiers()];
        Arrays.fill(none, NO_RULE);
        return none;
    }

    /** Adds rules about everyone. */
    public void add(List<Clause> clauses) {
        clauses.forEach(clause -> clause.ports().forEach(port -> note(clause, port, true)));
    }

    /** Adds rules about a term that the peer certainly matches. */
    public void add(List<Clause> clauses, Match match) {
        for (Clause clause : clauses) {
            for (PortTerm port : clause.ports()) {
                if (port instanceof PortTerm.Named named) {
                    match.ports().stream()
                            .filter(known -> known.name().equals(named))
                            .forEach(known -> note(clause, known.range(), true));
                    if (!match.certain()) {
                        note(clause, everyPort(named), false);
                    }
                } else {
                    note(clause, port, true);
                }
            }
        }
    }

    /** Adds rules about a term that the peer matches perhaps. */
    public void addPossible(List<Clause> clauses) {
        for (Clause clause : clauses) {
            for (PortTerm port : clause.ports()) {
                note(clause, port instanceof PortTerm.Named named ? everyPort(named) : port, false);
            }
        }
    }

    private static PortTerm everyPort(PortTerm.Named named) {
        return new PortTerm.Range(named.protocol(), 0, 65535);
    }

    /** A rule that matches perhaps is not relied on to accept. If it denies, that is as good as certain, because nothing may be lost. */
    private void note(Clause clause, PortTerm port, boolean certain) {
        int tier = clause.tier();
        if (certain || clause.action() == Action.DENY) {
            note(port, tier, clause.rank() << 2 | clause.action().ordinal());
        } else if (clause.action() == Action.PASS) {
            note(port, group.tiers() + tier, clause.rank());
        }
    }

    private void note(PortTerm port, int place, int rule) {
        switch (port) {
            case PortTerm.Any _ -> any[place] = Math.min(any[place], rule);
            case PortTerm.Range range
            when range.single() -> note(ports, new Port(range.protocol().number(), range.first()), place, rule);
            case PortTerm.Range range ->
                classes.classes(range)
                        .forEach(
                                number -> note(ranges, new Port(range.protocol().number(), number), place, rule));
            case PortTerm.Named _ -> throw new IllegalArgumentException("not a number: " + port);
        }
    }

    private void note(Map<Port, int[]> noted, Port port, int place, int rule) {
        int[] rules = noted.computeIfAbsent(port, _ -> none());
        rules[place] = Math.min(rules[place], rule);
    }

    /** The verdict about traffic of protocols or ports that no rule names. */
    public boolean accepted() {
        return accepted(any);
    }

    /** The verdict about a class of ports. */
    public boolean acceptedRange(Port range) {
        return accepted(first(any, ranges.get(range)));
    }

    /** The verdict about one port. */
    public boolean acceptedPort(Port port) {
        return accepted(first(first(any, ranges.get(classOf(port))), ports.get(port)));
    }

    /** The class that a port is in. No rule names class 0. */
    public Port classOf(Port port) {
        return new Port(port.protocol(), classes.classOf(port.number()));
    }

    /** The classes of ports that rules name. */
    public Iterable<Port> namedRanges() {
        return ranges.keySet();
    }

    /** The single ports that rules name. */
    public Iterable<Port> namedPorts() {
        return ports.keySet();
    }

    private static int[] first(int[] some, int @Nullable [] others) {
        if (others == null) {
            return some;
        }
        int[] first = new int[some.length];
        for (int i = 0; i < first.length; i++) {
            first[i] = Math.min(some[i], others[i]);
        }
        return first;
    }

    private boolean accepted(int[] rules) {
        for (int tier = 0; tier < group.tiers(); tier++) {
            int rule = rules[tier];
            boolean none = rule == NO_RULE;
            Action action = none ? Action.PASS : Action.values()[rule & 3];
            boolean perhapsPassed = rules[group.tiers() + tier] < (none ? NO_RULE : rule >> 2);
            if (action == Action.DENY) {
                return false;
            }
            if (action == Action.ACCEPT && !perhapsPassed) {
                return true;
            }
            if (group.isolates(tier)) {
                return false;
            }
        }
        return true;
    }
}
