package fyr.lab.cluster;

import fyr.apiserver.object.Json;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.manifest.Manifest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** One run of manifests to be applied, object by object: what one refuses is no reason to leave out the next. For one thread. */
final class Applications {

    private static final Pattern NO_NAMESPACE = Pattern.compile("namespaces \"([^\"]+)\" not found");

    private final Objects objects;
    private final ApiClient client;
    private final Owners owners;
    private final String namespace;
    private final Consumer<String> lines;
    private final ApplyReport report = new ApplyReport();
    private final Set<String> warnings = new LinkedHashSet<>();
    private int done;
    private int unknown;
    private int passed;
    private int failed;

    Applications(Objects objects, ApiClient client, Owners owners, String namespace, Consumer<String> lines) {
        this.objects = objects;
        this.client = client;
        this.owners = owners;
        this.namespace = namespace;
        this.lines = lines;
    }

    Objects.Outcome of(List<Manifest> manifests) {
        client.onWarning(warnings::add);
        for (Manifest manifest : manifests) {
            objects.kind(manifest).ifPresentOrElse(kind -> apply(manifest, kind), () -> unknown(manifest));
        }
        client.onWarning(_ -> {});
        report.lines().forEach(lines);
        if (failed > 0 && done > 0) {
            lines.accept(done + " of " + manifests.size() + " objects are applied");
        }
        return new Objects.Outcome(done, unknown, passed, failed);
    }

    /** A policy of a kind that is not served protects nobody, which is a failure; other unknown kinds are no failure. */
    private void unknown(Manifest manifest) {
        report.unknown(manifest, objects.servedAs(manifest));
        Optional<ApplyReport.Policy> policy = ApplyReport.Policy.of(manifest, namespace);
        policy.ifPresent(one -> report.unprotected(one, false));
        if (policy.isPresent()) {
            failed++;
        } else {
            unknown++;
        }
    }

    private void apply(Manifest manifest, Kind kind) {
        String title = Objects.title(manifest, kind);
        warnings.clear();
        try {
            switch (run(manifest, kind)) {
                case Done(String what) -> {
                    done++;
                    lines.accept(title + " " + what);
                }
                case Passed(Owners.Reference owner) -> {
                    passed++;
                    report.owned(owner.toString(), title);
                }
            }
            warnings.forEach(text -> report.warning(text, title));
        } catch (ApiException | LabException refused) {
            failed++;
            refused(manifest, kind, title, String.valueOf(refused.getMessage()));
        }
    }

    private sealed interface Result {}

    private record Done(String what) implements Result {}

    private record Passed(Owners.Reference owner) implements Result {}

    private Result run(Manifest manifest, Kind kind) {
        ObjectNode object = (ObjectNode) Json.MAPPER.readTree(manifest.json());
        Optional<String> where = Objects.where(manifest, kind, namespace);
        return switch (owners.of(object, where)) {
            case Owners.MadeAnew(Owners.Reference owner) -> new Passed(owner);
            case Owners.Collected(Owners.Reference owner, boolean other) ->
                throw new LabException("its owner " + owner + " is "
                        + (other ? "another object here, which does not make it" : "not here")
                        + ", so that it would be collected at once; leave "
                        + "metadata.ownerReferences out of the manifest");
            case Owners.Stays _ ->
                new Done(Application.of(client, kind, where, object).run());
        };
    }

    private void refused(Manifest manifest, Kind kind, String title, String why) {
        Matcher missing = NO_NAMESPACE.matcher(why);
        if (missing.find()) {
            report.homeless(missing.group(1), title);
        } else {
            lines.accept(RefusedField.position(manifest, why) + ": " + title + ": " + why);
        }
        ApplyReport.Policy.of(manifest, namespace)
                .ifPresent(policy -> report.unprotected(policy, isThere(manifest, kind)));
    }

    private boolean isThere(Manifest manifest, Kind kind) {
        try {
            return objects.find(kind, Objects.where(manifest, kind, namespace), manifest.name())
                    .isPresent();
        } catch (ApiException | LabException refused) {
            return false; // nor can it be known
        }
    }
}
