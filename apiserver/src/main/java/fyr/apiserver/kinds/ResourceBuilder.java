package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.KindNames;
import fyr.apiserver.schema.ObjectSchema;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Says what a kind is, one property after the other; what is not said is as for a kind that is only stored. For one thread. */
public final class ResourceBuilder {
    /** Rules of an object. */
    @FunctionalInterface
    public interface Check {
        /** Adds what the object breaks. */
        void check(JsonNode object, List<Fault> faults);
    }

    /** Rules of a change. */
    @FunctionalInterface
    public interface ChangeCheck {
        /** Adds what the change breaks. */
        void check(JsonNode before, JsonNode after, List<Fault> faults);
    }

    final KindNames names;
    boolean namespaced = true;
    boolean status;
    boolean statusOfWriter;
    boolean emptyStatus = true;
    boolean inert;
    boolean checkedByItself;
    String singular = "";
    String listKind = "";
    List<String> shortNames = List.of();
    List<String> categories = List.of();
    Optional<ScalePaths> scale = Optional.empty();
    List<Action> actions = List.of();
    ObjectSchema schema;
    NameRule nameRule = NameRule.SUBDOMAIN;
    Supplier<List<Column>> columns = () -> List.of(Column.NAME, Column.AGE);
    List<SelectableField> selectable = List.of();
    Consumer<ObjectNode> initial = object -> {};
    Consumer<ObjectNode> defaults = object -> {};
    Check rules = (object, faults) -> {};
    ChangeCheck changes = (before, after, faults) -> {};
    Function<JsonNode, List<String>> warnings = object -> List.of();
    List<String> fixed = List.of();
    Optional<Supplier<Resource>> stored = Optional.empty();
    UnaryOperator<ObjectNode> shown = UnaryOperator.identity();
    UnaryOperator<ObjectNode> toStored = UnaryOperator.identity();
    Function<Setup, Lifecycle> lifecycle = setup -> Lifecycle.NONE;

    ResourceBuilder(KindNames names) {
        this.names = names;
        this.schema = ObjectSchema.builtIn(names.kind());
    }

    /** The kind. */
    public Resource build() {
        return new Resource(this);
    }

    /** Its objects live in no namespace. */
    public ResourceBuilder clusterWide() {
        namespaced = false;
        return this;
    }

    /** Nothing in a lab acts on its objects. */
    public ResourceBuilder inert() {
        inert = true;
        return this;
    }

    /** {@code status} is written separately, and begins empty. */
    public ResourceBuilder status() {
        status = true;
        return this;
    }

    /** {@code status} is written separately, but whoever creates an object may say it. */
    public ResourceBuilder statusOfWriter() {
        status = true;
        statusOfWriter = true;
        return this;
    }

    /** {@code status} is written separately, and absent at first. */
    public ResourceBuilder absentStatus() {
        status = true;
        emptyStatus = false;
        return this;
    }

    /** Has the {@code scale} subresource. */
    public ResourceBuilder scale(ScalePaths paths) {
        scale = Optional.of(paths);
        return this;
    }

    /** The names for people. */
    public ResourceBuilder called(String singularName, String listKindName) {
        singular = singularName;
        listKind = listKindName;
        return this;
    }

    /** Other names that {@code kubectl get} accepts. */
    public ResourceBuilder shortNames(String... names) {
        shortNames = List.of(names);
        return this;
    }

    /** Groups of kinds that {@code kubectl get} accepts. */
    public ResourceBuilder categories(String... names) {
        categories = List.of(names);
        return this;
    }

    /** What can be posted to an object. */
    public ResourceBuilder actions(Action... all) {
        actions = List.of(all);
        return this;
    }

    /** The fields of its objects. */
    public ResourceBuilder schema(ObjectSchema fields) {
        schema = fields;
        return this;
    }

    /** The rule for names. */
    public ResourceBuilder nameRule(NameRule rule) {
        nameRule = rule;
        return this;
    }

    /** The columns of {@code kubectl get}. */
    public ResourceBuilder columns(Supplier<List<Column>> all) {
        columns = all;
        return this;
    }

    /** The fields that field selectors may name. */
    public ResourceBuilder selectable(List<SelectableField> fields) {
        selectable = List.copyOf(fields);
        return this;
    }

    /** The fields that field selectors may name, each by its own path and without a default. */
    public ResourceBuilder selectable(String... fields) {
        return selectable(List.of(fields).stream().map(SelectableField::of).toList());
    }

    /** What the server sets in a new object, whatever the writer says. */
    public ResourceBuilder initial(Consumer<ObjectNode> action) {
        initial = action;
        return this;
    }

    /** What the server sets where the writer says nothing. */
    public ResourceBuilder defaults(Consumer<ObjectNode> action) {
        defaults = action;
        return this;
    }

    /** The rules of an object. */
    public ResourceBuilder rules(Check check) {
        rules = check;
        return this;
    }

    /** Its own rules report missing values and those outside a closed set too, so the schema does not. */
    public ResourceBuilder checkedByItself() {
        checkedByItself = true;
        return this;
    }

    /** The rules of a change, and the paths that no change may touch. */
    public ResourceBuilder changes(ChangeCheck check) {
        changes = check;
        return this;
    }

    /** Paths, with dots, that no change may touch. */
    public ResourceBuilder fixed(String... paths) {
        fixed = List.of(paths);
        return this;
    }

    /** The objects are kept under another kind, in its words. */
    public ResourceBuilder storedAs(
            Supplier<Resource> other, UnaryOperator<ObjectNode> toOther, UnaryOperator<ObjectNode> fromOther) {
        stored = Optional.of(other);
        toStored = toOther;
        shown = fromOther;
        return this;
    }

    /** What of an object has no effect, for people. */
    public ResourceBuilder warnings(Function<JsonNode, List<String>> of) {
        warnings = of;
        return this;
    }

    /** What happens when objects come and go. */
    public ResourceBuilder lifecycle(Function<Setup, Lifecycle> factory) {
        lifecycle = factory;
        return this;
    }
}
