package fyr.observe;

import fyr.model.observation.Observation;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** Takes every observation: counts it, and logs what somebody on call would want to see. Safe on any thread. */
public final class Observer implements Consumer<Observation> {

    private static final System.Logger LOG = System.getLogger("fyr");

    private final Metrics metrics;

    public Observer(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void accept(Observation observation) {
        metrics.count(observation);
        LOG.log(level(observation), observation::text);
    }

    private static Level level(Observation observation) {
        return switch (observation) {
            case Observation.DriftRepaired _, Observation.ApplyFailed _, Observation.ObjectRefused _, Observation.WatchStillLost _ -> Level.WARNING;
            case Observation.WatchChanged(_, boolean connected, _) -> connected ? Level.INFO : Level.WARNING;
            case Observation.PodAttached _ -> Level.INFO;
            case Observation.Applied _ -> Level.DEBUG;
        };
    }
}
