package fyr.compiler.service;

import fyr.compiler.service.Candidates.Candidate;
import fyr.model.EndpointSlice.Endpoint;
import fyr.model.Locality;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which endpoints are meant for the clients of a node, by their hints. Hints of one sort count only if every ready endpoint has one and at
 * least one of them is about the node (kube-proxy's topologyModeFromHints): during a rollout some endpoints have none yet, and a zone without
 * endpoints must not be cut off. Hints about nodes come before hints about zones.
 */
final class Topology {

    private Topology() {}

    static Predicate<Endpoint> of(List<Candidate> candidates, LocalNode node) {
        if (counts(candidates, Locality.Hints::nodes, node.name())) {
            return endpoint -> endpoint.locality().hints().nodes().contains(node.name());
        }
        if (!node.zone().isEmpty() && counts(candidates, Locality.Hints::zones, node.zone())) {
            return endpoint -> endpoint.locality().hints().zones().contains(node.zone());
        }
        return _ -> true;
    }

    private static boolean counts(
            List<Candidate> candidates, Function<Locality.Hints, List<String>> sort, String place) {
        boolean about = false;
        for (Candidate candidate : candidates) {
            if (candidate.endpoint().ready()) {
                List<String> places = sort.apply(candidate.endpoint().locality().hints());
                if (places.isEmpty()) {
                    return false;
                }
                about |= places.contains(place);
            }
        }
        return about;
    }
}
