package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the EndpointSlices of a Service with a selector: per family and set of resolved ports, at most 100 endpoints a slice. An endpoint stays in the
 * slice where it is, so a change of one pod rewrites one slice.
 */
final class EndpointSlices {
    static final String SERVICE = "kubernetes.io/service-name";
    static final String OWNER = "endpointslice.kubernetes.io/managed-by";
    static final String US = "endpointslice-controller.k8s.io";
    private static final int MOST = 100;

    private final ObjectNode service;
    private final ClusterNodes nodes;
    private final List<Write> writes = new ArrayList<>();
    private final Set<String> kept = new HashSet<>();
    private final Set<String> names = new HashSet<>();

    /** The slices of the family that is being planned. */
    private List<SliceDraft> drafts = new ArrayList<>();

    private boolean hinted;

    private EndpointSlices(ObjectNode service, ClusterNodes nodes, boolean hinted) {
        this.service = service;
        this.nodes = nodes;
        this.hinted = hinted;
    }

    /** What is to be known of the cluster's nodes. */
    interface ClusterNodes {
        Optional<ObjectNode> find(String name);

        ZoneShares zones();

        static ClusterNodes of(Cache cache) {
            return new ClusterNodes() {
                @Override
                public Optional<ObjectNode> find(String name) {
                    return cache.find(new Work(Kinds.NODES, "", name));
                }

                @Override
                public ZoneShares zones() {
                    return ZoneShares.of(cache);
                }
            };
        }
    }

    /** {@code pods} are those that the Service selects, {@code slices} those of this Service that we keep. */
    static List<Write> writes(ObjectNode service, List<ObjectNode> pods, List<ObjectNode> slices, ClusterNodes nodes) {
        if (Pods.isLeaving(service) || Json.map(service, "spec", "selector").isEmpty()) {
            return List.of();
        }
        EndpointSlices plan = new EndpointSlices(service, nodes, slices.stream().anyMatch(EndpointSlices::isHinted));
        slices.forEach(slice -> plan.names.add(Json.name(slice)));
        boolean external = Json.text(service, "spec", "type").equals("ExternalName");
        for (String family : external ? List.<String>of() : Json.texts(service, "spec", "ipFamilies")) {
            plan.family(family, pods, slices);
            plan.finish(family);
        }
        slices.stream()
                .filter(slice -> !plan.kept.contains(Json.name(slice)))
                .forEach(slice -> plan.writes.add(new Write.Delete(Kinds.ENDPOINT_SLICES, slice)));
        return plan.writes;
    }

    private static boolean isHinted(ObjectNode slice) {
        return new SliceDraft(Optional.of(slice), slice, false).hasHints();
    }

    /** Sets hints, and writes the slices that differ from what is stored. */
    private void finish(String family) {
        if (TopologyHints.isWanted(service)) {
            TopologyHints.set(drafts, family, nodes.zones(), hinted)
                    .ifPresent(news -> writes.add(new Write.Tell(service, news)));
            hinted = drafts.stream().anyMatch(SliceDraft::hasHints);
        } else if (TrafficDistribution.isWanted(service)) {
            TrafficDistribution.set(service, drafts);
        } else {
            drafts.forEach(SliceDraft::removeHints);
        }
        for (SliceDraft draft : drafts) {
            if (draft.before().isEmpty()) {
                writes.add(new Write.Create(Kinds.ENDPOINT_SLICES, draft.after()));
            } else if (!Json.same(draft.before().get(), draft.after())) {
                writes.add(new Write.Update(Kinds.ENDPOINT_SLICES, draft.after()));
            }
        }
        drafts = new ArrayList<>();
    }

    private void family(String family, List<ObjectNode> pods, List<ObjectNode> slices) {
        Map<ArrayNode, Map<String, ObjectNode>> groups = new LinkedHashMap<>();
        for (ObjectNode pod : pods) {
            if (!Pods.hasEnded(pod) && isPlaced(pod)) {
                Endpoints.address(pod, family)
                        .ifPresent(
                                address -> groups.computeIfAbsent(PortGroup.of(service, pod), ports -> new TreeMap<>())
                                        .put(Json.name(pod), endpoint(pod, address)));
            }
        }
        List<ObjectNode> ours = slices.stream()
                .filter(slice -> Json.text(slice, "addressType").equals(family))
                .toList();
        if (groups.isEmpty()) {
            groups.put(Json.array(), Map.of());
        }
        groups.forEach((ports, endpoints) -> group(family, ports, endpoints, ours));
    }

    /** A pod whose Node does not exist is no endpoint, unless the Service publishes all. */
    private boolean isPlaced(ObjectNode pod) {
        return Json.truth(service, "spec", "publishNotReadyAddresses")
                || nodes.find(Json.text(pod, "spec", "nodeName")).isPresent();
    }

    private ObjectNode endpoint(ObjectNode pod, String address) {
        ObjectNode endpoint = Endpoints.of(service, pod, address);
        nodes.find(Json.text(pod, "spec", "nodeName"))
                .map(ZoneShares::zone)
                .filter(zone -> !zone.isEmpty())
                .ifPresent(zone -> endpoint.put("zone", zone));
        return endpoint;
    }

    private void group(String family, ArrayNode ports, Map<String, ObjectNode> endpoints, List<ObjectNode> slices) {
        Map<String, ObjectNode> unplaced = new TreeMap<>(endpoints);
        List<ObjectNode> same = slices.stream()
                .filter(slice -> Json.same(Json.array().addAll(Json.items(slice, "ports")), ports))
                .toList();
        List<List<ObjectNode>> contents = new ArrayList<>();
        for (ObjectNode slice : same) {
            List<ObjectNode> stay = new ArrayList<>();
            for (JsonNode endpoint : Json.items(slice, "endpoints")) {
                ObjectNode now = unplaced.remove(Json.text(endpoint, "targetRef", "name"));
                if (now != null) {
                    stay.add(now);
                }
            }
            contents.add(stay);
        }
        for (List<ObjectNode> content : contents) {
            fill(content, unplaced);
        }
        for (int i = 0; i < same.size(); i++) {
            boolean onlyOne = i == 0 && endpoints.isEmpty();
            if (!contents.get(i).isEmpty() || onlyOne) {
                keep(same.get(i), contents.get(i));
            }
        }
        while (!unplaced.isEmpty() || endpoints.isEmpty() && same.isEmpty()) {
            List<ObjectNode> content = new ArrayList<>();
            fill(content, unplaced);
            create(family, ports, content);
            if (endpoints.isEmpty()) {
                return;
            }
        }
    }

    private static void fill(List<ObjectNode> content, Map<String, ObjectNode> unplaced) {
        var rest = unplaced.values().iterator();
        while (content.size() < MOST && rest.hasNext()) {
            content.add(rest.next());
            rest.remove();
        }
    }

    private void keep(ObjectNode slice, List<ObjectNode> content) {
        kept.add(Json.name(slice));
        ArrayNode endpoints = Json.array().addAll(content);
        Map<String, String> labels = labels();
        SliceDraft old = new SliceDraft(Optional.of(slice), slice.deepCopy(), false);
        SliceDraft bare = new SliceDraft(Optional.of(slice), slice.deepCopy(), false);
        bare.removeHints();
        boolean same = Json.same(Json.array().addAll(bare.endpoints()), endpoints)
                && Json.map(slice, "metadata", "labels").equals(labels);
        if (same) {
            drafts.add(old);
        } else {
            bare.after().set("endpoints", endpoints);
            Json.child(bare.after(), "metadata").set("labels", Json.of(labels));
            drafts.add(new SliceDraft(Optional.of(slice), bare.after(), true));
        }
    }

    private Map<String, String> labels() {
        Map<String, String> labels = Json.map(service, "metadata", "labels");
        labels.put(SERVICE, Json.name(service));
        labels.put(OWNER, US);
        if (Json.text(service, "spec", "clusterIP").equals("None")) {
            labels.put("service.kubernetes.io/headless", "");
        }
        return labels;
    }

    private void create(String family, ArrayNode ports, List<ObjectNode> content) {
        ObjectNode slice =
                Json.object().put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
        ObjectNode metadata =
                slice.putObject("metadata").put("name", name(family)).put("namespace", Json.namespace(service));
        metadata.set("labels", Json.of(labels()));
        Pods.own(metadata, service);
        slice.put("addressType", family);
        slice.set("endpoints", Json.array().addAll(content));
        slice.set("ports", ports.deepCopy());
        drafts.add(new SliceDraft(Optional.empty(), slice, true));
    }

    /** The first free one of a sequence that depends on the Service alone, so that the same state gives the same names. */
    private String name(String family) {
        for (long i = 0; ; i++) {
            long seed = (family + i + Json.uid(service)).hashCode();
            String name = Json.name(service) + "-" + Names.of(seed & 0xffffffL);
            if (names.add(name)) {
                return name;
            }
        }
    }
}
