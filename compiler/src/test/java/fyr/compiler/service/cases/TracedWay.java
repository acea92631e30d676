package fyr.compiler.service.cases;

import fyr.kernel.plan.KernelPlan;
import fyr.model.Protocol;
import fyr.model.address.Family;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a trace over the compiled plan says about a case, with so many draws that each eligible endpoint is seen. */
final class TracedWay {

    private static final int RUNS = 40;

    /** With affinity each run has one outcome, whatever it is: so many connections of one client. */
    private static final int CONNECTIONS = 4;

    private TracedWay() {}

    /** Begins the way of connections through a plan, with random numbers that follow from the seed. */
    interface Start {
        ConnectionPath path(Scene scene, KernelPlan plan, long seed);
    }

    /**
     * The outcomes of all runs.
     *
     * @param plans the last one, and those before it
     * @throws UnequalOutcomes if a client should keep its endpoint and does not
     */
    static Set<Outcome> outcomes(
            Start start, List<KernelPlan> plans, ServiceCase asked, Family family, Protocol protocol) {
        Set<Outcome> outcomes = new HashSet<>();
        boolean remembers = asked.sticky() || plans.size() > 1;
        ConnectionPath first = start.path(asked.scene(), plans.getFirst(), 0);
        for (int run = 0; run < RUNS; run++) {
            ConnectionPath path = remembers ? start.path(asked.scene(), plans.getFirst(), run) : first;
            for (KernelPlan next : plans.subList(1, plans.size())) {
                path.connect(asked.from(), asked.to(), asked.port(), protocol, family);
                path = path.after(next);
            }
            Set<Outcome> ofClient = new HashSet<>();
            for (int i = 0; i < (asked.sticky() ? CONNECTIONS : 1); i++) {
                ofClient.add(path.connect(asked.from(), asked.to(), asked.port(), protocol, family));
            }
            if (ofClient.size() > 1) {
                throw new UnequalOutcomes(ofClient);
            }
            outcomes.addAll(ofClient);
        }
        return outcomes;
    }

    /** A client did not keep its endpoint. */
    static final class UnequalOutcomes extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnequalOutcomes(Set<Outcome> outcomes) {
            super("one client with affinity: " + outcomes);
        }
    }
}
