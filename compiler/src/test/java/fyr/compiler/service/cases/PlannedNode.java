package fyr.compiler.service.cases;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.TableId;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.plan.KernelPlan;
import fyr.model.address.Family;

/** A node that follows the plans of one back end. The plan changes from scene to scene, as on a node. */
@SuppressWarnings("try") // a test may be interrupted while it closes
final class PlannedNode implements ServingNode {

    private final LinuxKernel kernel = LinuxKernel.open();
    private final BackEnd backEnd;
    private KernelPlan plan = KernelPlan.empty();

    PlannedNode(BackEnd backEnd) {
        this.backEnd = backEnd;
    }

    @Override
    public void serve(Scene scene, Family family, boolean before) {
        CompiledScene compiled = CompiledScene.of(backEnd, scene, family);
        KernelPlan next =
                before ? compiled.kernel().getFirst() : compiled.last().kernel();
        assertThat(next.ids()).containsAll(backEnd.constant());
        follow(next);
    }

    /** They are forgotten with the rules. */
    @Override
    public void forgetClients() {
        follow(KernelPlan.empty());
    }

    private void follow(KernelPlan next) {
        backEnd.tables().forEach(table -> follow(table, next));
        plan = next;
    }

    private <K extends Comparable<? super K>, V> void follow(TableId<K, V> table, KernelPlan next) {
        kernel.table(table).apply(Delta.between(plan.table(table), next.table(table)));
    }

    @Override
    public void close() throws Exception {
        kernel.close();
    }
}
