package fyr.agent.observe;

import fyr.model.observation.Observation;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Takes every observation, counts it, and logs what an operator on call needs to see. Safe on any thread. */
public final class Observer implements Consumer<Observation> {

    private static final System.Logger CLUSTER = System.getLogger("fyr.cluster");
    private static final System.Logger CNI = System.getLogger("fyr.cni");
    private static final System.Logger CONNTRACK = System.getLogger("fyr.conntrack");
    private static final System.Logger DNS = System.getLogger("fyr.dns");
    private static final System.Logger RECONCILER = System.getLogger("fyr.reconciler");

    private final Metrics metrics;
    private final List<Consumer<Observation>> listeners = new CopyOnWriteArrayList<>();

    public Observer(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Sets another consumer of all further observations; it must not block. */
    public void alsoTell(Consumer<Observation> listener) {
        listeners.add(listener);
    }

    @Override
    public void accept(Observation observation) {
        metrics.count(observation);
        listeners.forEach(listener -> listener.accept(observation));
        logger(observation).log(level(observation), observation::text);
    }

    private static System.Logger logger(Observation observation) {
        return switch (observation) {
            case Observation.DriftRepaired _, Observation.ApplyFailed _, Observation.Applied _ -> RECONCILER;
            case Observation.ObjectRefused _,
                    Observation.ObjectAccepted _,
                    Observation.WatchStillLost _,
                    Observation.WatchChanged _ -> CLUSTER;
            case Observation.CniAnswered _ -> CNI;
            case Observation.DnsLimited _, Observation.DnsLimitForgotten _ -> DNS;
            case Observation.ConntrackFilling _,
                    Observation.ConntrackRelieved _,
                    Observation.ConnectionsRefused _,
                    Observation.ConnectionsForgotten _ -> CONNTRACK;
        };
    }

    private static Level level(Observation observation) {
        return switch (observation) {
            case Observation.DriftRepaired _,
                    Observation.ApplyFailed _,
                    Observation.ObjectRefused _,
                    Observation.DnsLimited _,
                    Observation.ConntrackFilling _,
                    Observation.ConnectionsRefused _,
                    Observation.WatchStillLost _ -> Level.WARNING;
            case Observation.ObjectAccepted _, Observation.ConntrackRelieved _ -> Level.INFO;
            case Observation.WatchChanged(var _, boolean connected, var _) -> connected ? Level.INFO : Level.WARNING;
            case Observation.CniAnswered(String verb, var _, Optional<String> failure, var _) ->
                level(verb, failure.isPresent());
            case Observation.Applied _, Observation.DnsLimitForgotten _, Observation.ConnectionsForgotten _ ->
                Level.DEBUG;
        };
    }

    /** STATUS is called up to twice a second until the node is ready (CRI-O), and /readyz gives the same information. */
    private static Level level(String verb, boolean failed) {
        return switch (verb) {
            case "STATUS" -> Level.DEBUG;
            case "ADD", "DEL" -> failed ? Level.WARNING : Level.INFO;
            default -> failed ? Level.WARNING : Level.DEBUG;
        };
    }
}
