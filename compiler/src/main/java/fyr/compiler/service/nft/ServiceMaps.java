package fyr.compiler.service.nft;

import fyr.kernel.nft.NftVerdict;

/** The two maps that a connection to a frontend of one kind is looked up in. */
enum ServiceMaps {
    CLUSTER_IP(ServiceRuleset.SERVICES, ServiceRuleset.BACKENDS) {
        @Override
        NftVerdict.Goto pick(int slots) {
            return ServiceRuleset.pick(slots);
        }
    },
    NODE_PORT(ServiceRuleset.NODE_PORTS, ServiceRuleset.NODE_PORT_BACKENDS) {
        @Override
        NftVerdict.Goto pick(int slots) {
            return ServiceRuleset.pickNodePort(slots);
        }
    };

    private final String chains;
    private final String backends;

    ServiceMaps(String chains, String backends) {
        this.chains = chains;
        this.backends = backends;
    }

    /** Leads to the chain that picks a slot. */
    String chains() {
        return chains;
    }

    /** Gives the endpoint in a slot. */
    String backends() {
        return backends;
    }

    /** The chain that picks one of this many slots. */
    abstract NftVerdict.Goto pick(int slots);
}
