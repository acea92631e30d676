package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.apiserver.schema.SchemaRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of a CustomResourceDefinition (apiextensions' validation), and what a lab cannot do with it. */
final class DefinitionRules {
    private static final List<String> COLUMN_TYPES = List.of("integer", "number", "string", "boolean", "date");

    private DefinitionRules() {}

    /** The names that follow from the kind. */
    static void complete(ObjectNode object) {
        if (Json.at(object, "spec", "names") instanceof ObjectNode names) {
            String kind = Json.text(names, "kind");
            Defaults.text(names, "singular", kind.toLowerCase(java.util.Locale.ROOT));
            Defaults.text(names, "listKind", kind + "List");
        }
        if (object.get("spec") instanceof ObjectNode spec && !spec.has("conversion")) {
            spec.putObject("conversion").put("strategy", "None");
        }
    }

    static void check(JsonNode object, List<Fault> faults) {
        JsonNode spec = Json.at(object, "spec");
        String group = Json.text(spec, "group");
        String plural = Json.text(spec, "names", "plural");
        Rules.dnsSubdomain("spec.group", group, faults);
        if (!group.contains(".")) {
            faults.add(Fault.invalid("spec.group", group, "should be a domain with at least one dot"));
        }
        Rules.dnsLabel("spec.names.plural", plural, faults);
        Rules.dnsLabel("spec.names.kind", Json.text(spec, "names", "kind").toLowerCase(java.util.Locale.ROOT), faults);
        if (!Json.name(object).equals(plural + "." + group)) {
            faults.add(Fault.invalid("metadata.name", Json.name(object), "must be spec.names.plural+\".\"+spec.group"));
        }
        if (!List.of("Cluster", "Namespaced").contains(Json.text(spec, "scope"))) {
            faults.add(Fault.unsupported("spec.scope", Json.text(spec, "scope"), "\"Cluster\", \"Namespaced\""));
        }
        String conversion = Json.text(spec, "conversion", "strategy");
        if (!conversion.isEmpty() && !conversion.equals("None")) {
            faults.add(Fault.unsupported("spec.conversion.strategy", conversion, "\"None\""));
        }
        boolean builtIn = Kinds.ALL.stream()
                .anyMatch(one -> one.group().equals(group)
                        && (one.plural().equals(plural) || one.kind().equals(Json.text(spec, "names", "kind"))));
        if (builtIn) {
            faults.add(Fault.forbidden("spec.names", "the server has " + plural + "." + group + " itself"));
        }
        versions(spec, faults);
    }

    /** A change of the scope or the kind would leave objects behind that nobody reads. */
    static final String[] FIXED = {"spec.group", "spec.scope", "spec.names.plural", "spec.names.kind"};

    private static void versions(JsonNode spec, List<Fault> faults) {
        Set<String> names = new HashSet<>();
        long storage = 0;
        int i = 0;
        for (JsonNode version : Json.items(spec, "versions")) {
            String at = "spec.versions[" + i++ + "]";
            Rules.dnsLabel(at + ".name", Json.text(version, "name"), faults);
            if (!names.add(Json.text(version, "name"))) {
                faults.add(Fault.duplicate(at + ".name", Json.text(version, "name")));
            }
            storage += Json.truth(version, "storage") ? 1 : 0;
            JsonNode schema = Json.at(version, "schema", "openAPIV3Schema");
            if (schema.isObject()) {
                SchemaRules.check(schema, at + ".schema.openAPIV3Schema", faults);
            } else {
                faults.add(Fault.required(at + ".schema.openAPIV3Schema", "schemas are required"));
            }
            columns(version, at, faults);
        }
        if (storage != 1) {
            faults.add(Fault.invalid(
                    "spec.versions", names.toString(), "must have exactly one version marked as storage version"));
        }
    }

    private static void columns(JsonNode version, String at, List<Fault> faults) {
        int c = 0;
        for (JsonNode column : Json.items(version, "additionalPrinterColumns")) {
            String field = at + ".additionalPrinterColumns[" + c++ + "]";
            if (!COLUMN_TYPES.contains(Json.text(column, "type"))) {
                faults.add(Fault.unsupported(
                        field + ".type", Json.text(column, "type"), "\"" + String.join("\", \"", COLUMN_TYPES) + "\""));
            }
            try {
                FieldPath.parse(Json.text(column, "jsonPath"));
            } catch (IllegalArgumentException wrong) {
                faults.add(Fault.invalid(
                        field + ".jsonPath", Json.text(column, "jsonPath"), String.valueOf(wrong.getMessage())));
            }
        }
    }

    /** What of a definition has no effect here. */
    static List<String> warnings(JsonNode object) {
        boolean expressions = Json.items(object, "spec", "versions").stream()
                .anyMatch(version -> SchemaRules.hasExpressions(Json.at(version, "schema", "openAPIV3Schema")));
        return expressions
                ? List.of(
                        "a lab does not evaluate x-kubernetes-validations: objects that break these rules are accepted")
                : List.of();
    }
}
