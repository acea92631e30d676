package fyr.lab.api.kinds;

import fyr.lab.api.object.Json;
import fyr.lab.api.object.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The {@code fieldSelector} of a request (apimachinery's fields package): terms {@code field=value}, {@code ==} and {@code !=}, with {@code
 * \} before special characters.
 */
final class FieldSelector {
    private static final Pattern TERM = Pattern.compile("([^=!\\\\]+)(!=|==|=)((?:[^,=\\\\]|\\\\[,=\\\\])*)");
    private static final Pattern COMMA = Pattern.compile(",");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    /** The default of a field that the object does not set. */
    private static final Map<String, String> OTHERWISE = Map.of(
            "spec.hostNetwork",
            "false",
            "spec.unschedulable",
            "false",
            "status.replicas",
            "0",
            "status.successful",
            "0");

    /** Fields that the object has under another name. */
    private static final Map<String, String> PLACE =
            Map.of("status.successful", "status.succeeded", "source", "source.component");

    private static final List<String> EVERYWHERE = List.of("metadata.name", "metadata.namespace");

    private FieldSelector() {}

    static List<Predicate<JsonNode>> parse(Resource resource, String text) {
        List<Predicate<JsonNode>> terms = new ArrayList<>();
        for (String term : split(text)) {
            terms.add(term(resource, term));
        }
        return terms;
    }

    /** At commas that no backslash precedes. */
    private static List<String> split(String text) {
        List<String> terms = new ArrayList<>();
        int start = 0;
        for (Matcher comma = COMMA.matcher(text); comma.find(); ) {
            int slashes = 0;
            for (int i = comma.start() - 1; i >= start && text.charAt(i) == '\\'; i--) {
                slashes++;
            }
            if (slashes % 2 == 0) {
                terms.add(text.substring(start, comma.start()));
                start = comma.end();
            }
        }
        terms.add(text.substring(start));
        terms.removeIf(String::isBlank);
        return terms;
    }

    private static Predicate<JsonNode> term(Resource resource, String term) {
        Matcher matcher = TERM.matcher(term);
        if (!matcher.matches()) {
            throw StatusException.badRequest(
                    "invalid field selector: '" + term + "'; can only be field=value or field!=value");
        }
        String field = matcher.group(1).strip();
        if (!EVERYWHERE.contains(field) && !fields(resource).contains(field)) {
            throw StatusException.badRequest("field label not supported: " + field);
        }
        boolean is = !matcher.group(2).equals("!=");
        String value = ESCAPED.matcher(matcher.group(3)).replaceAll("$1");
        String place = resource == Resource.SERIES_EVENTS ? EventForms.stored(field) : PLACE.getOrDefault(field, field);
        String[] path = place.split("\\.");
        return object -> {
            String found = Json.scalar(Json.at(object, path));
            return (found.isEmpty() ? OTHERWISE.getOrDefault(field, "") : found).equals(value) == is;
        };
    }

    private static List<String> fields(Resource resource) {
        return switch (resource) {
            case PODS ->
                List.of(
                        "spec.nodeName",
                        "spec.restartPolicy",
                        "spec.schedulerName",
                        "spec.serviceAccountName",
                        "spec.hostNetwork",
                        "status.phase",
                        "status.podIP",
                        "status.nominatedNodeName");
            case NODES -> List.of("spec.unschedulable");
            case NAMESPACES -> List.of("status.phase");
            case SERVICES -> List.of("spec.clusterIP", "spec.type");
            case SECRETS -> List.of("type");
            case REPLICA_SETS, REPLICATION_CONTROLLERS -> List.of("status.replicas");
            case JOBS -> List.of("status.successful");
            case EVENTS ->
                List.of(
                        "involvedObject.kind",
                        "involvedObject.namespace",
                        "involvedObject.name",
                        "involvedObject.uid",
                        "involvedObject.apiVersion",
                        "involvedObject.resourceVersion",
                        "involvedObject.fieldPath",
                        "reason",
                        "reportingComponent",
                        "source",
                        "type");
            case SERIES_EVENTS ->
                List.of(
                        "regarding.kind",
                        "regarding.namespace",
                        "regarding.name",
                        "regarding.uid",
                        "regarding.apiVersion",
                        "regarding.resourceVersion",
                        "regarding.fieldPath",
                        "reason",
                        "reportingController",
                        "type");
            default -> List.of();
        };
    }
}
