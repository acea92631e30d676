package fyr.compiler.service;

import fyr.compiler.service.Candidates.Candidate;
import fyr.model.EndpointSlice.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The endpoints of a port that take new connections, each once, in ascending order: a back end may give them places in that order, so it
 * must not depend on history. They are the ready ones or, if none is ready, those that still serve while they terminate (KEP-1669;
 * kube-proxy's CategorizeEndpoints): a rollout of a single replica, or of a node with all replicas, refuses no connections.
 */
final class EligibleEndpoints {

    private final List<Candidate> candidates;
    private final LocalNode node;
    private Optional<List<Backend>> cluster = Optional.empty();

    EligibleEndpoints(List<Candidate> candidates, LocalNode node) {
        this.candidates = candidates;
        this.node = node;
    }

    /** Those of all nodes, less those that are meant for clients elsewhere. */
    List<Backend> cluster() {
        List<Backend> backends = cluster.orElseGet(() -> {
            Predicate<Endpoint> here = Topology.of(candidates, node);
            return firstNotEmpty(endpoint -> endpoint.ready() && here.test(endpoint), Endpoint::draining);
        });
        cluster = Optional.of(backends);
        return backends;
    }

    /** Those of this node, whoever they are meant for. */
    List<Backend> local() {
        return firstNotEmpty(
                endpoint -> endpoint.ready() && isLocal(endpoint),
                endpoint -> endpoint.draining() && isLocal(endpoint));
    }

    /** Whether any node has one. */
    boolean exist() {
        return candidates.stream()
                .map(Candidate::endpoint)
                .anyMatch(endpoint -> endpoint.ready() || endpoint.draining());
    }

    private boolean isLocal(Endpoint endpoint) {
        return endpoint.locality().node().equals(node.name());
    }

    private List<Backend> firstNotEmpty(Predicate<Endpoint> first, Predicate<Endpoint> otherwise) {
        List<Backend> backends = matching(first);
        return backends.isEmpty() ? matching(otherwise) : backends;
    }

    private List<Backend> matching(Predicate<Endpoint> wanted) {
        List<Backend> backends = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (wanted.test(candidate.endpoint())) {
                backends.add(candidate.backend());
            }
        }
        return DistinctBackends.of(backends);
    }
}
