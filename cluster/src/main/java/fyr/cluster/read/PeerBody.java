package fyr.cluster.read;

import fyr.model.address.Prefix;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.PolicyPeer;
import java.util.List;
import java.util.Optional;

/** A NetworkPolicyPeer: selectors or a block of addresses, never both. */
final class PeerBody {

    private final JsonCursor json;
    private Optional<LabelSelector> pods = Optional.empty();
    private Optional<LabelSelector> namespaces = Optional.empty();
    private Optional<Prefix> cidr = Optional.empty();
    private List<Prefix> except = List.of();
    private boolean block;

    PeerBody(JsonCursor json) {
        this.json = json;
    }

    PolicyPeer read() {
        json.object(this::field);
        boolean selectors = pods.isPresent() || namespaces.isPresent();
        if (block == selectors) {
            throw json.malformed(
                    block ? "ipBlock cannot stand beside selectors" : "a peer needs a selector or ipBlock");
        }
        return block ? ipBlock() : new PolicyPeer.Pods(namespaces, pods);
    }

    private PolicyPeer ipBlock() {
        Prefix whole = cidr.orElseThrow(() -> json.malformed("ipBlock.cidr is missing"));
        for (Prefix hole : except) {
            if (!whole.contains(hole)) {
                throw json.malformed("except " + hole + " is not within " + whole);
            }
        }
        return new PolicyPeer.IpBlock(whole, except);
    }

    private void field(String field) {
        switch (field) {
            case "podSelector" -> pods = json.absent() ? Optional.empty() : Optional.of(SelectorBody.read(json));
            case "namespaceSelector" ->
                namespaces = json.absent() ? Optional.empty() : Optional.of(SelectorBody.read(json));
            case "ipBlock" -> {
                block = !json.absent();
                json.object(this::blockField);
            }
            default -> json.skip();
        }
    }

    private void blockField(String field) {
        switch (field) {
            case "cidr" -> cidr = Optional.of(json.prefix());
            case "except" -> except = json.list(json::prefix);
            default -> json.skip();
        }
    }
}
