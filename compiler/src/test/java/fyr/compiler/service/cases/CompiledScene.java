package fyr.compiler.service.cases;

import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.kernel.plan.KernelPlan;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The plans of a scene for one back end.
 *
 * @param plans the last one, after those that were before it
 */
record CompiledScene(List<NodePlan> plans) {

    private record Key(BackEnd backEnd, Scene scene, Family family) {}

    private static final ConcurrentMap<Key, CompiledScene> COMPILED = new ConcurrentHashMap<>();

    /** Each is compiled once. */
    static CompiledScene of(BackEnd backEnd, Scene scene, Family family) {
        return COMPILED.computeIfAbsent(new Key(backEnd, scene, family), CompiledScene::compile);
    }

    private static CompiledScene compile(Key key) {
        List<NodePlan> plans = new ArrayList<>();
        if (!key.scene.earlier().isEmpty()) {
            plans.add(Compiler.compile(key.backEnd.select(key.scene.inputsBefore(key.family)), Optional.empty()));
        }
        plans.add(Compiler.compile(
                key.backEnd.select(key.scene.inputs(key.family)), plans.stream().findFirst()));
        return new CompiledScene(List.copyOf(plans));
    }

    NodePlan last() {
        return plans.getLast();
    }

    List<KernelPlan> kernel() {
        return plans.stream().map(NodePlan::kernel).toList();
    }
}
