package fyr.compiler.service.frontend;

import fyr.compiler.feature.ServiceMode;
import fyr.compiler.feature.ServiceOptions;
import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Ct;
import fyr.kernel.nft.NftExpression.CtKey;
import fyr.kernel.nft.NftExpression.Member;
import fyr.kernel.nft.NftRule;
import java.util.ArrayList;
import java.util.List;

/** How packet rules recognise connections that the rules of services have translated. */
public final class TranslatedConnections {

    private TranslatedConnections() {}

    /**
     * Each of these lists continues for connections that services or host ports have translated, and one of them does for each such
     * connection. The kernel does not mark a connection as translated if IPVS has chosen its endpoint.
     */
    public static List<List<NftExpression>> ways(ServiceMode mode) {
        return switch (mode) {
            case NFTABLES, IPTABLES -> List.of(any());
            case IPVS -> List.of(any(), toVirtualAddress());
        };
    }

    private static List<NftExpression> toVirtualAddress() {
        return List.of(new Ct(CtKey.ORIGINAL_DESTINATION, 0), new Member(FrontendSets.CLUSTER_IPS, 0, false));
    }

    /** Continues for a connection that rules translated. */
    public static List<NftExpression> any() {
        return PacketFields.ctBits(CtKey.STATUS, PacketFields.CT_DESTINATION_TRANSLATED, 0);
    }

    /** Loads address, protocol and port of the frontend that a translated connection came to, from register 0 on. */
    public static List<NftExpression> originalFrontend(PacketFields fields) {
        int words = fields.words();
        return List.of(
                new Ct(CtKey.ORIGINAL_DESTINATION, 0),
                PacketFields.protocol(words),
                new Ct(CtKey.ORIGINAL_DESTINATION_PORT, words + 1));
    }

    /** Where protocol and port are after {@link #throughNodePort}. */
    public static int nodePort(PacketFields fields) {
        return fields.words();
    }

    /**
     * Continues for a translated connection whose first destination was neither a virtual address nor a frontend at another address, which
     * may have the number of a node port as well.
     */
    public static List<NftExpression> throughNodePort(PacketFields fields) {
        List<NftExpression> expressions = new ArrayList<>(any());
        expressions.addAll(originalFrontend(fields));
        expressions.add(new Member(FrontendSets.CLUSTER_IPS, 0, true));
        expressions.add(new Member(FrontendSets.EXTERNAL, 0, true));
        return expressions;
    }

    /** The rules that masquerade those connections whose rows say so. */
    public static List<NftRule> masquerade(PacketFields fields, ServiceOptions options) {
        NftExpression masquerade = new NftExpression.Masquerade(true);
        List<NftRule> rules = new ArrayList<>();
        List<NftExpression> virtual = new ArrayList<>(options.mode() == ServiceMode.IPVS ? List.of() : any());
        virtual.addAll(toVirtualAddress());
        if (!options.masqueradeAll()) {
            virtual.addAll(Origins.forwarded());
            virtual.addAll(Origins.notOfPods(fields, options.local()));
        }
        virtual.add(masquerade);
        rules.add(new NftRule("from elsewhere through a virtual address", virtual));
        if (options.mode() == ServiceMode.IPVS) {
            rules.add(fromVirtualAddress(fields));
        }
        List<NftExpression> own = new ArrayList<>(any());
        own.addAll(Origins.ofTheNode());
        own.addAll(originalFrontend(fields));
        own.add(new Member(FrontendSets.EXTERNAL, 0, false));
        own.add(masquerade);
        rules.add(new NftRule("the node's own through an external address", own));
        List<NftExpression> ownNodePort = new ArrayList<>(Origins.ofTheNode());
        ownNodePort.addAll(throughNodePort(fields));
        ownNodePort.add(new Member(FrontendSets.OWN_NODE_PORTS, nodePort(fields), false));
        ownNodePort.add(masquerade);
        rules.add(new NftRule("the node's own through a node port", ownNodePort));
        List<NftExpression> external = new ArrayList<>(any());
        external.addAll(originalFrontend(fields));
        external.add(new Member(FrontendSets.MASQUERADED, 0, false));
        external.add(masquerade);
        rules.add(new NftRule("through an external address", external));
        List<NftExpression> nodePort = new ArrayList<>(throughNodePort(fields));
        nodePort.add(new Member(FrontendSets.MASQUERADED_NODE_PORTS, nodePort(fields), false));
        nodePort.add(masquerade);
        rules.add(new NftRule("through a node port", nodePort));
        return rules;
    }

    /** The node's own connections to a virtual address that is local have it as their source, too, if they did not choose another. */
    private static NftRule fromVirtualAddress(PacketFields fields) {
        List<NftExpression> expressions = new ArrayList<>(Origins.ofTheNode());
        expressions.add(fields.source(0));
        expressions.add(new Member(FrontendSets.CLUSTER_IPS, 0, false));
        expressions.add(new NftExpression.Masquerade(true));
        return new NftRule("the node's own through a virtual address", expressions);
    }
}
