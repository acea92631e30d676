package fyr.compiler.service.cases;

import static fyr.model.ServiceTraffic.Policy.CLUSTER;

import fyr.compiler.feature.ServiceOptions;
import fyr.model.Locality;
import fyr.model.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A feature of kube-proxy, and what a cluster looks like to a program that does not have it. */
enum RemovedFeature {
    NODE_PORTS(services(service -> service.at(service.externalIps(), service.loadBalancers(), 0))),
    EXTERNAL_IPS(services(service -> service.at(List.of(), service.loadBalancers(), service.nodePort()))),
    LOAD_BALANCER_IPS(services(service -> service.at(service.externalIps(), List.of(), service.nodePort()))),
    SOURCE_RANGES(services(ServiceDraft::allowing)),
    INTERNAL_TRAFFIC_POLICY(services(service -> service.internal(CLUSTER))),
    EXTERNAL_TRAFFIC_POLICY(services(service -> service.external(CLUSTER))),
    SESSION_AFFINITY(services(service -> service.withAffinity(Optional.empty()))),
    PROTOCOLS_OTHER_THAN_TCP(services(service -> service.only(Protocol.TCP))),
    SERVICE_PROXY_NAME(services(service -> service.ofOtherProxy(false))),
    HEADLESS_LABEL_OF_SLICES(
            slices(slice -> new SliceDraft(slice.target(), slice.otherFamily(), false, slice.endpoints()))),
    FAMILIES_OF_SLICES(slices(slice -> new SliceDraft(slice.target(), false, slice.otherProxy(), slice.endpoints()))),
    PORTS_THAT_DIFFER(slices(slice -> slice.at(Scene.TARGET_PORT))),
    READINESS(endpoints(endpoint -> of(endpoint, true, endpoint.serving(), endpoint.terminating()))),
    SERVING_WHILE_TERMINATING(endpoints(endpoint ->
            of(endpoint, endpoint.ready(), endpoint.serving() && !endpoint.terminating(), endpoint.terminating()))),
    READY_BEFORE_TERMINATING(endpoints(endpoint ->
            of(endpoint, endpoint.ready() || endpoint.serving(), endpoint.serving(), endpoint.terminating()))),
    HINTS_ABOUT_ZONES(endpoints(endpoint -> endpoint.forZones())),
    HINTS_ABOUT_NODES(endpoints(endpoint -> endpoint.forNodes())),
    MASQUERADE_ALL(options(options -> new ServiceOptions(options.nodePorts(), false, options.local()))),
    UNALLOCATED_ADDRESSES(scene -> scene.ranged(false)),
    NODE_PORT_ADDRESSES(options(
            options -> new ServiceOptions(ServiceOptions.USUAL.nodePorts(), options.masqueradeAll(), options.local()))),
    DETECT_LOCAL_MODE(options(
            options -> new ServiceOptions(options.nodePorts(), options.masqueradeAll(), ServiceOptions.USUAL.local())));

    private final UnaryOperator<Scene> without;

    RemovedFeature(UnaryOperator<Scene> without) {
        this.without = without;
    }

    /** The scene as a program without the feature sees it. */
    Scene without(Scene scene) {
        return without.apply(scene);
    }

    private static UnaryOperator<Scene> services(UnaryOperator<ServiceDraft> change) {
        return scene -> new Scene(
                scene.earlier().stream().map(change).toList(),
                scene.services().stream().map(change).toList(),
                scene.options(),
                scene.ownAlso(),
                scene.ranged());
    }

    private static UnaryOperator<Scene> slices(UnaryOperator<SliceDraft> change) {
        return services(service ->
                service.withSlices(service.slices().stream().map(change).toList()));
    }

    private static UnaryOperator<Scene> endpoints(UnaryOperator<EndpointDraft> change) {
        return slices(slice -> new SliceDraft(
                slice.target(),
                slice.otherFamily(),
                slice.otherProxy(),
                slice.endpoints().stream().map(change).toList()));
    }

    private static EndpointDraft of(EndpointDraft endpoint, boolean ready, boolean serving, boolean terminating) {
        Locality.Hints hints = endpoint.hints();
        return new EndpointDraft(endpoint.place(), ready, serving, terminating, hints);
    }

    private static UnaryOperator<Scene> options(UnaryOperator<ServiceOptions> change) {
        return scene -> scene.with(change.apply(scene.options()));
    }
}
