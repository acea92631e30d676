package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The rules of a NetworkPolicy (networking.k8s.io/v1). */
final class PolicyValidation {
    private PolicyValidation() {}

    static void check(JsonNode spec, List<Fault> faults) {
        Rules.selector("spec.podSelector", Json.at(spec, "podSelector"), faults);
        rules(spec, "ingress", "from", faults);
        rules(spec, "egress", "to", faults);
    }

    private static void rules(JsonNode spec, String direction, String peers, List<Fault> faults) {
        int i = 0;
        for (JsonNode rule : Json.items(spec, direction)) {
            String at = "spec." + direction + "[" + i++ + "]";
            int p = 0;
            for (JsonNode port : Json.items(rule, "ports")) {
                port(port, at + ".ports[" + p++ + "]", faults);
            }
            int q = 0;
            for (JsonNode peer : Json.items(rule, peers)) {
                peer(peer, at + "." + peers + "[" + q++ + "]", faults);
            }
        }
    }

    private static void port(JsonNode port, String at, List<Fault> faults) {
        JsonNode number = Json.at(port, "port");
        Rules.portReference(at + ".port", number, faults);
        if (!port.has("endPort")) {
            return;
        }
        long last = Json.number(port, 0, "endPort");
        if (number.isMissingNode()) {
            faults.add(Fault.invalid(at + ".endPort", last, "may not be specified when `port` is not specified"));
        } else if (number.isString()) {
            faults.add(Fault.invalid(at + ".endPort", last, "may not be specified when `port` is non-numeric"));
        } else if (last < Json.number(port, 0, "port")) {
            faults.add(Fault.invalid(at + ".endPort", last, "must be greater than or equal to `port`"));
        } else {
            Rules.portNumber(at + ".endPort", last, faults);
        }
    }

    private static void peer(JsonNode peer, String at, List<Fault> faults) {
        boolean selectors = peer.has("podSelector") || peer.has("namespaceSelector");
        if (selectors) {
            Rules.selector(at + ".podSelector", Json.at(peer, "podSelector"), faults);
            Rules.selector(at + ".namespaceSelector", Json.at(peer, "namespaceSelector"), faults);
        }
        if (!peer.has("ipBlock")) {
            if (!selectors) {
                faults.add(Fault.required(at, "must specify a peer"));
            }
            return;
        }
        if (selectors) {
            faults.add(Fault.forbidden(at, "may not specify both ipBlock and another peer"));
        }
        block(Json.at(peer, "ipBlock"), at + ".ipBlock", faults);
    }

    private static void block(JsonNode block, String at, List<Fault> faults) {
        Optional<Prefix> outer = prefix(at + ".cidr", Json.text(block, "cidr"), faults);
        int i = 0;
        for (String text : Json.texts(block, "except")) {
            String here = at + ".except[" + i++ + "]";
            Optional<Prefix> inner = prefix(here, text, faults);
            if (outer.isPresent()
                    && inner.isPresent()
                    && (!outer.get().contains(inner.get())
                            || outer.get().length() >= inner.get().length())) {
                faults.add(Fault.invalid(here, text, "must be a strict subset of `cidr`"));
            }
        }
    }

    private static Optional<Prefix> prefix(String at, String text, List<Fault> faults) {
        if (text.isEmpty()) {
            faults.add(Fault.required(at, ""));
            return Optional.empty();
        }
        Optional<Prefix> prefix = Addresses.prefix(text);
        if (prefix.isEmpty()) {
            faults.add(Fault.invalid(at, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"));
        }
        return prefix;
    }
}
