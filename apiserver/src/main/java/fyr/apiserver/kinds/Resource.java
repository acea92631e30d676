package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.KindNames;
import fyr.apiserver.schema.Field;
import fyr.apiserver.schema.ObjectSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All that the server knows of one kind: its names and paths, the fields, rules, defaults and columns of its objects, and its parts. Whoever
 * treats kinds differently asks this object; nothing compares names. Immutable. Two versions of a kind are equal: their objects are the same.
 */
public final class Resource implements Comparable<Resource> {
    private final ResourceBuilder parts;

    Resource(ResourceBuilder parts) {
        this.parts = parts;
    }

    /** Begins a kind whose objects live in namespaces. */
    public static ResourceBuilder named(String group, String version, String plural, String kind) {
        return new ResourceBuilder(new KindNames(group, version, plural, kind));
    }

    /** What the kind is called. */
    public KindNames names() {
        return parts.names;
    }

    /** The API group, empty for the core. */
    public String group() {
        return names().group();
    }

    /** The version of the group, {@code v1}. */
    public String version() {
        return names().version();
    }

    /** The name in paths, {@code pods}. */
    public String plural() {
        return names().plural();
    }

    /** The name in manifests, {@code Pod}. */
    public String kind() {
        return names().kind();
    }

    /** {@code v1} or {@code group/v1}. */
    public String apiVersion() {
        return names().apiVersion();
    }

    /** {@code pod}. */
    public String singular() {
        return parts.singular.isEmpty() ? kind().toLowerCase(Locale.ROOT) : parts.singular;
    }

    /** {@code PodList}. */
    public String listKind() {
        return parts.listKind.isEmpty() ? kind() + "List" : parts.listKind;
    }

    /** Whether objects of this kind live in a namespace. */
    public boolean namespaced() {
        return parts.namespaced;
    }

    /** Whether {@code status} is written separately. */
    public boolean hasStatus() {
        return parts.status;
    }

    /** Whether its own rules report what the schema would report. */
    public boolean checkedByItself() {
        return parts.checkedByItself;
    }

    /** Whether objects of this kind have no effect in a lab. */
    public boolean inert() {
        return parts.inert;
    }

    /** Where the kind has its replicas, if it has the {@code scale} subresource. */
    public Optional<ScalePaths> scale() {
        return parts.scale;
    }

    /** What can be posted to an object besides its status and scale. */
    public List<Action> actions() {
        return parts.actions;
    }

    /** Other names that {@code kubectl get} accepts. */
    public List<String> shortNames() {
        return parts.shortNames;
    }

    /** {@code all}, or nothing. */
    public List<String> categories() {
        return parts.categories;
    }

    /** Which fields its objects have. */
    public ObjectSchema schema() {
        return parts.schema;
    }

    /** The fields by which patches merge lists; none for a kind of which they are not known. */
    public Map<String, Field> fields() {
        return schema().fields().orElse(Map.of());
    }

    /** The columns of {@code kubectl get}, in order. */
    public List<Column> columns() {
        return parts.columns.get();
    }

    /** The fields that field selectors may name, besides name and namespace. */
    public List<SelectableField> selectable() {
        return parts.selectable;
    }

    /** What of the status a writer may set when it creates an object, and what it begins with. */
    public void prepare(ObjectNode object) {
        if (parts.status && !parts.statusOfWriter) {
            object.remove("status");
            if (parts.emptyStatus) {
                object.putObject("status");
            }
        }
        parts.initial.accept(object);
    }

    /** Completes an object in place. */
    public void complete(ObjectNode object) {
        parts.defaults.accept(object);
    }

    /** The rules that an object breaks. */
    public List<Fault> check(JsonNode object) {
        List<Fault> faults = new ArrayList<>();
        Rules.metadata(parts.nameRule, object, faults);
        parts.rules.check(object, faults);
        return faults;
    }

    /** What of an object has no effect in a lab, one sentence each. */
    public List<String> warnings(JsonNode object) {
        return parts.inert
                ? List.of("a lab keeps objects of kind " + kind() + ", but nothing in it acts on them")
                : parts.warnings.apply(object);
    }

    /** The rules that a change of an object breaks. */
    public List<Fault> checkChange(JsonNode before, JsonNode after) {
        List<Fault> faults = new ArrayList<>();
        for (String path : parts.fixed) {
            Rules.fixed(before, after, path, faults);
        }
        parts.changes.check(before, after, faults);
        return faults;
    }

    /** The kind under which the objects are kept: this one, unless its objects are those of another in other words. */
    public Resource stored() {
        return parts.stored.map(Supplier::get).orElse(this);
    }

    /** A stored object in the words of this kind. */
    public ObjectNode shown(ObjectNode stored) {
        return parts.shown.apply(stored);
    }

    /** An object of this kind in the words in which it is stored. */
    public ObjectNode toStored(ObjectNode object) {
        return parts.toStored.apply(object);
    }

    /** Whether the objects are kept under another kind, so that every write is rewritten. */
    public boolean converted() {
        return parts.stored.isPresent();
    }

    /** What the server does beyond storing when objects of this kind come and go; one for each server. */
    public Lifecycle lifecycle(Setup setup) {
        return parts.lifecycle.apply(setup);
    }

    /** The path of the collection of one namespace, or of all with an empty one: {@code /api/v1/namespaces/shop/pods}. */
    public String path(String namespace) {
        return (group().isEmpty() ? "/api/" : "/apis/" + group() + "/")
                + version()
                + (namespaced() && !namespace.isEmpty() ? "/namespaces/" + namespace : "")
                + "/"
                + plural();
    }

    @Override
    public int compareTo(Resource other) {
        int byName = plural().compareTo(other.plural());
        return byName != 0 ? byName : group().compareTo(other.group());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Resource resource && compareTo(resource) == 0;
    }

    @Override
    public int hashCode() {
        return plural().hashCode() * 31 + group().hashCode();
    }

    @Override
    public String toString() {
        return names().qualified();
    }

    /** The same object with another {@code apiVersion}, as conversion without a webhook does it. */
    static UnaryOperator<ObjectNode> renamed(String apiVersion) {
        return object -> {
            ObjectNode copy = Json.object();
            copy.setAll(object);
            return copy.put("apiVersion", apiVersion);
        };
    }
}
