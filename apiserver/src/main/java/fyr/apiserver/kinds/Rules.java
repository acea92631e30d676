package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The rules for names, labels and ports that many kinds share (apimachinery's validation), in the words of Kubernetes. */
final class Rules {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern DNS_LABEL = Pattern.compile(LABEL);
    private static final Pattern DNS_SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final Pattern QUALIFIED = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern PORT_CHARACTERS = Pattern.compile("[-a-z0-9]+");

    private static final String KEY =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
                    + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '" + QUALIFIED + "')";

    private Rules() {}

    static void metadata(NameRule rule, JsonNode object, List<Fault> faults) {
        String name = Json.name(object);
        if (name.isEmpty()) {
            faults.add(Fault.required("metadata.name", "name or generateName is required"));
        } else {
            switch (rule) {
                case LABEL -> dnsLabel("metadata.name", name, faults);
                case SUBDOMAIN -> dnsSubdomain("metadata.name", name, faults);
                case PATH_SEGMENT -> pathSegment("metadata.name", name, faults);
            }
        }
        labels("metadata.labels", Json.map(object, "metadata", "labels"), faults);
        for (String key : Json.map(object, "metadata", "annotations").keySet()) {
            qualified("metadata.annotations", key, faults);
        }
    }

    /** Names of roles may contain colons (apimachinery's IsValidPathSegmentName). */
    private static void pathSegment(String field, String value, List<Fault> faults) {
        if (value.equals(".") || value.equals("..")) {
            faults.add(Fault.invalid(field, value, "may not be '" + value + "'"));
        } else if (value.contains("/") || value.contains("%")) {
            faults.add(Fault.invalid(field, value, "may not contain '/' or '%'"));
        }
    }

    static void dnsLabel(String field, String value, List<Fault> faults) {
        if (value.length() > 63) {
            faults.add(Fault.invalid(field, value, "must be no more than 63 characters"));
        } else if (!DNS_LABEL.matcher(value).matches()
                && DNS_SUBDOMAIN.matcher(value).matches()) {
            faults.add(Fault.invalid(field, value, "must not contain dots"));
        } else if (!DNS_LABEL.matcher(value).matches()) {
            faults.add(Fault.invalid(
                    field,
                    value,
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
                            + "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '"
                            + LABEL
                            + "')"));
        }
    }

    static void dnsSubdomain(String field, String value, List<Fault> faults) {
        subdomain(value, "characters").forEach(why -> faults.add(Fault.invalid(field, value, why)));
    }

    private static List<String> subdomain(String value, String unit) {
        List<String> why = new ArrayList<>();
        if (value.length() > 253) {
            why.add("must be no more than 253 " + unit);
        }
        if (!DNS_SUBDOMAIN.matcher(value).matches()) {
            why.add(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with "
                            + "an alphanumeric character (e.g. 'example.com', regex used for validation is '" + LABEL
                            + "(\\." + LABEL + ")*')");
        }
        return why;
    }

    static void labels(String field, Map<String, String> labels, List<Fault> faults) {
        labels.forEach((key, value) -> {
            qualified(field, key, faults);
            labelValue(field, value, faults);
        });
    }

    private static void labelValue(String field, String value, List<Fault> faults) {
        if (value.length() > 63) {
            faults.add(Fault.invalid(field, value, "must be no more than 63 bytes"));
        } else if (!value.isEmpty() && !QUALIFIED.matcher(value).matches()) {
            faults.add(Fault.invalid(
                    field,
                    value,
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end "
                            + "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '("
                            + QUALIFIED + ")?')"));
        }
    }

    /** A name with an optional prefix, such as the key of a label ({@code IsLabelKey}). */
    static void qualified(String field, String key, List<Fault> faults) {
        keyFaults(key).forEach(why -> faults.add(Fault.invalid(field, key, why)));
    }

    private static List<String> keyFaults(String key) {
        int slash = key.indexOf('/');
        if (slash != key.lastIndexOf('/')) {
            return List.of("a valid label key " + KEY
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        List<String> why = new ArrayList<>();
        if (slash == 0) {
            why.add("prefix part must be non-empty");
        } else if (slash > 0) {
            subdomain(key.substring(0, slash), "bytes").forEach(one -> why.add("prefix part " + one));
        }
        String name = key.substring(slash + 1);
        if (name.isEmpty()) {
            why.add("name part must be non-empty");
        } else if (name.length() > 63) {
            why.add("name part must be no more than 63 bytes");
        }
        if (!QUALIFIED.matcher(name).matches()) {
            why.add("name part " + KEY);
        }
        return why;
    }

    /** A selector of a workload or policy. */
    static void selector(String field, JsonNode selector, List<Fault> faults) {
        labels(field + ".matchLabels", Json.map(selector, "matchLabels"), faults);
        int i = 0;
        for (JsonNode expression : Json.items(selector, "matchExpressions")) {
            String at = field + ".matchExpressions[" + i++ + "]";
            boolean values = !Json.items(expression, "values").isEmpty();
            switch (Json.text(expression, "operator")) {
                case "In", "NotIn" -> {
                    if (!values) {
                        faults.add(
                                Fault.required(at + ".values", "must be specified when `operator` is 'In' or 'NotIn'"));
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (values) {
                        faults.add(Fault.forbidden(
                                at + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
                    }
                }
                default ->
                    faults.add(Fault.invalid(
                            at + ".operator", Json.text(expression, "operator"), "not a valid selector operator"));
            }
            qualified(at + ".key", Json.text(expression, "key"), faults);
            int v = 0;
            for (String value : Json.texts(expression, "values")) {
                labelValue(at + ".values[" + v++ + "]", value, faults);
            }
        }
    }

    static void portNumber(String field, long port, List<Fault> faults) {
        if (port < 1 || port > 65_535) {
            faults.add(Fault.invalid(field, port, "must be between 1 and 65535, inclusive"));
        }
    }

    static void portName(String field, String name, List<Fault> faults) {
        if (name.length() > 15) {
            faults.add(Fault.invalid(field, name, "must be no more than 15 characters"));
        }
        if (!PORT_CHARACTERS.matcher(name).matches()) {
            faults.add(Fault.invalid(
                    field, name, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"));
        }
        if (name.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            faults.add(Fault.invalid(field, name, "must contain at least one letter (a-z)"));
        }
        if (name.contains("--")) {
            faults.add(Fault.invalid(field, name, "must not contain consecutive hyphens"));
        }
        if (name.startsWith("-") || name.endsWith("-")) {
            faults.add(Fault.invalid(field, name, "must not begin or end with a hyphen"));
        }
    }

    /** A value of a closed set, which is never empty. */
    static void oneOf(String field, String value, List<String> allowed, List<Fault> faults) {
        if (!allowed.contains(value)) {
            String all = String.join(
                    ", ", allowed.stream().map(one -> '"' + one + '"').toList());
            faults.add(Fault.unsupported(field, value, all));
        }
    }

    /** A port that is a number or the name of one. */
    static void portReference(String field, JsonNode port, List<Fault> faults) {
        if (port.isString()) {
            portName(field, port.stringValue(), faults);
        } else if (port.isIntegralNumber()) {
            portNumber(field, port.longValue(), faults);
        }
    }

    static void notNegative(String field, JsonNode value, List<Fault> faults) {
        if (value.isIntegralNumber() && value.longValue() < 0) {
            faults.add(Fault.invalid(field, value.longValue(), "must be greater than or equal to 0"));
        }
        if (value.isIntegralNumber() && value.longValue() > Integer.MAX_VALUE) {
            faults.add(Fault.invalid(field, value.longValue(), "must fit into 32 bits"));
        }
    }

    /** A path, with dots, that no change may touch. */
    static void fixed(JsonNode before, JsonNode after, String path, List<Fault> faults) {
        String[] steps = path.split("\\.");
        JsonNode now = Json.at(after, steps);
        if (!Json.same(Json.at(before, steps), now)) {
            faults.add(Fault.invalid(path, now.isMissingNode() ? "" : now, "field is immutable"));
        }
    }
}
