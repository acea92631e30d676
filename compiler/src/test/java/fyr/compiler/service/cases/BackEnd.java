package fyr.compiler.service.cases;

import fyr.compiler.feature.NodeInputs;
import fyr.compiler.feature.ServiceMode;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.plan.KernelPlan;
import java.util.List;
import java.util.SplittableRandom;

/** Whatever carries out the neutral table of services: a column of the table of cases. */
enum BackEnd {
    /** Maps of nf_tables. */
    NFTABLES(ServiceMode.NFTABLES) {
        @Override
        ConnectionPath path(Scene scene, KernelPlan plan, long seed) {
            return new NftPath(scene, plan, new SplittableRandom(seed));
        }

        @Override
        List<TableId<?, ?>> tables() {
            return List.of(Tables.NFT, Tables.SYSCTLS);
        }

        @Override
        String forgetClients() {
            return "nft flush map ip fyr affinity; nft flush map ip6 fyr affinity";
        }
    };

    private final ServiceMode mode;

    BackEnd(ServiceMode mode) {
        this.mode = mode;
    }

    /** The inputs of a node that uses this back end. */
    NodeInputs select(NodeInputs inputs) {
        return new NodeInputs(
                inputs.identity().withServices(inputs.identity().services().in(mode)),
                inputs.snapshot(),
                inputs.attachments());
    }

    /** The way of connections through the plan, with random numbers that follow from the seed. */
    abstract ConnectionPath path(Scene scene, KernelPlan plan, long seed);

    /** The kernel's tables that say what becomes of connections, in the order in which they are written. */
    abstract List<TableId<?, ?>> tables();

    /** The command that removes which client had which endpoint from the kernel: cases know nothing of each other. */
    abstract String forgetClients();
}
