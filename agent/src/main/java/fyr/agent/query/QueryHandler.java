package fyr.agent.query;

import fyr.agent.observe.ObservationLog;
import fyr.compiler.NodePlan;
import fyr.kernel.Kernel;
import fyr.kernel.KernelException;
import fyr.kernel.TableId;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.text.PlanText;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers {@code GET /v1/status}, {@code /v1/plan/TABLE}, {@code /v1/tables/TABLE} and {@code /v1/observations?since=NUMBER}. For one
 * thread.
 */
final class QueryHandler {

    /** Of all documents; it changes when a field changes its meaning or disappears, not when one is added. */
    static final int VERSION = 1;

    private static final String PATHS = "/v1/status, /v1/plan/TABLE, /v1/tables/TABLE, /v1/observations?since=NUMBER";

    private final QuerySources sources;
    private final StatusDocument status;

    QueryHandler(QuerySources sources) {
        this.sources = sources;
        this.status = new StatusDocument(sources);
    }

    QueryAnswer answer(QueryRequest request) {
        List<String> path = request.path();
        if (!request.method().equals("GET")) {
            return QueryAnswer.error(405, "only GET is served, not " + request.method());
        }
        if (path.isEmpty() || !path.getFirst().equals("v1")) {
            return QueryAnswer.error(404, "nothing is here; there are " + PATHS);
        }
        return switch (String.join("/", path.subList(1, Math.min(2, path.size())))) {
            case "status" -> QueryAnswer.of(status.of());
            case "observations" -> observations(request);
            case "plan" -> table(path, this::planned);
            case "tables" -> table(path, this::actual);
            default -> QueryAnswer.error(404, "nothing is here; there are " + PATHS);
        };
    }

    private QueryAnswer observations(QueryRequest request) {
        ObservationLog log = sources.observations();
        ObjectNode answer = QueryAnswer.object().put("last", log.last()).put("kept", ObservationLog.KEPT);
        ArrayNode all = answer.putArray("observations");
        log.since(request.number("since").orElse(0)).forEach(each -> all.add(StatusDocument.observation(each)));
        return QueryAnswer.of(answer);
    }

    private interface Table {
        <K extends Comparable<? super K>, V> QueryAnswer of(TableId<K, V> id, KernelPlan plan);
    }

    private QueryAnswer table(List<String> path, Table answer) {
        Optional<NodePlan> plan = sources.plan().get();
        if (plan.isEmpty()) {
            return QueryAnswer.error(
                    503, "there is no plan yet: " + sources.notReady().get().orElse("the agent has just started"));
        }
        KernelPlan kernel = plan.get().kernel();
        String name = path.size() == 3 ? path.get(2) : "";
        return kernel.ids().stream()
                .filter(id -> id.name().equals(name))
                .findFirst()
                .map(id -> answer.of(id, kernel))
                .orElseGet(() -> QueryAnswer.error(
                        404,
                        "no table " + name + "; there are "
                                + String.join(
                                        ", ",
                                        kernel.ids().stream()
                                                .map(TableId::name)
                                                .sorted()
                                                .toList())));
    }

    private <K extends Comparable<? super K>, V> QueryAnswer planned(TableId<K, V> id, KernelPlan plan) {
        return QueryAnswer.of(QueryAnswer.object()
                .put("table", id.name())
                .put("entries", plan.table(id).size())
                .put("text", PlanText.table(id, plan.table(id).sorted())));
    }

    private <K extends Comparable<? super K>, V> QueryAnswer actual(TableId<K, V> id, KernelPlan plan) {
        try (Kernel kernel = sources.kernel().get()) {
            return QueryAnswer.of(new TableDocument<>(kernel.table(id), plan.table(id)).document());
        } catch (KernelException e) {
            return QueryAnswer.error(500, "the kernel refused: " + e.getMessage());
        }
    }
}
