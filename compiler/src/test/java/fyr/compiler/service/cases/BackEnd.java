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
            SplittableRandom random = new SplittableRandom(seed);
            return new KernelPath(scene, new NftHooks(plan, random), random);
        }

        @Override
        List<TableId<?, ?>> tables() {
            return List.of(Tables.NFT, Tables.SYSCTLS);
        }
    },
    /** Chains of iptables, and one rule of nf_tables. */
    IPTABLES(ServiceMode.IPTABLES) {
        @Override
        ConnectionPath path(Scene scene, KernelPlan plan, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            return new KernelPath(scene, new IptablesHooks(scene, plan, random), random);
        }

        @Override
        List<TableId<?, ?>> tables() {
            return List.of(Tables.IPTABLES, Tables.NFT, Tables.SYSCTLS);
        }
    },
    /** Virtual servers, routes to them, and rules of nf_tables. */
    IPVS(ServiceMode.IPVS) {
        @Override
        ConnectionPath path(Scene scene, KernelPlan plan, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            return new KernelPath(
                    scene,
                    new NftHooks(one -> PlannedServers.objects(one, false), plan, random, _ -> {}),
                    new PlannedServers(plan, random),
                    random);
        }

        @Override
        List<TableId<?, ?>> tables() {
            return List.of(
                    Tables.IPVS_SETTINGS,
                    Tables.VIRTUAL_SERVERS,
                    Tables.REAL_SERVERS,
                    Tables.LOCAL_ROUTES,
                    Tables.NFT,
                    Tables.SYSCTLS);
        }

        @Override
        List<TableId<?, ?>> constant() {
            return List.of(Tables.IPVS_SETTINGS, Tables.NFT, Tables.SYSCTLS);
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

    /** Those of them that no plan leaves empty. */
    List<TableId<?, ?>> constant() {
        return tables();
    }
}
