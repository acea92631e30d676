package fyr.cluster.read;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.model.policy.PolicyPeer;
import fyr.model.policy.PolicyPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** networking.k8s.io/v1 NetworkPolicy, its defaults applied. */
final class PolicyBody implements ObjectReader.Body<NetworkPolicy> {

    private static final Map<String, Boolean> TYPES = Map.of("Ingress", false, "Egress", true);

    private final Map<String, Malformed> unreadable = new TreeMap<>();
    private boolean specified;
    private LabelSelector podSelector = LabelSelector.everything();
    private List<Boolean> egressTypes = List.of();
    private List<NetworkPolicy.Rule> ingress = List.of();
    private List<NetworkPolicy.Rule> egress = List.of();

    @Override
    public boolean field(String name, JsonCursor json) {
        if (!name.equals("spec")) {
            return false;
        }
        json.object(field ->
                json.attempt(() -> spec(field, json)).ifPresent(complaint -> unreadable.put(field, complaint)));
        specified = true;
        unreadable.values().stream().findFirst().ifPresent(complaint -> {
            throw complaint;
        });
        return true;
    }

    private void spec(String field, JsonCursor json) {
        switch (field) {
            case "podSelector" -> podSelector = SelectorBody.read(json);
            case "policyTypes" -> egressTypes = json.list(() -> json.one("policyType", TYPES));
            case "ingress" -> ingress = json.list(() -> rule(json, "from"));
            case "egress" -> egress = json.list(() -> rule(json, "to"));
            default -> json.skip();
        }
    }

    private static NetworkPolicy.Rule rule(JsonCursor json, String peersField) {
        List<PolicyPeer> peers = new ArrayList<>();
        List<PolicyPort> ports = new ArrayList<>();
        json.object(field -> {
            if (field.equals(peersField)) {
                peers.addAll(json.list(() -> new PeerBody(json).read()));
            } else if (field.equals("ports")) {
                ports.addAll(json.list(() -> new PolicyPortBody(json).read()));
            } else {
                json.skip();
            }
        });
        return new NetworkPolicy.Rule(peers, ports);
    }

    @Override
    public Optional<NetworkPolicy> finish(NamespacedName name, Labels labels, JsonCursor json) {
        return Optional.of(new NetworkPolicy(name, podSelector, isolatesIngress(), isolatesEgress(), ingress, egress));
    }

    /** Without policyTypes: Ingress always, Egress if there are egress rules (the API's own default). Types that cannot be read are both. */
    private boolean isolatesIngress() {
        return egressTypes.isEmpty() || egressTypes.contains(false);
    }

    private boolean isolatesEgress() {
        boolean rules = !egress.isEmpty() || unreadable.containsKey("egress") || unreadable.containsKey("policyTypes");
        return egressTypes.isEmpty() ? rules : egressTypes.contains(true);
    }

    @Override
    public boolean protects() {
        return true;
    }

    /** Allows nothing: which of the rules are as meant nobody can say. */
    @Override
    public Optional<NetworkPolicy> standIn(NamespacedName name) {
        boolean selects = specified && !unreadable.containsKey("podSelector");
        return selects
                ? Optional.of(
                        new NetworkPolicy(name, podSelector, isolatesIngress(), isolatesEgress(), List.of(), List.of()))
                : Optional.empty();
    }
}
