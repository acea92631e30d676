package fyr.compiler.service.nft;

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

    /** Continues for a connection that a service's rules translated. */
    public static List<NftExpression> any() {
        return PacketFields.ctBits(CtKey.STATUS, PacketFields.CT_DESTINATION_TRANSLATED, 0);
    }

    /** Loads address, protocol and port of the frontend that a translated connection came to, from register 0 on. */
    static List<NftExpression> originalFrontend(PacketFields fields) {
        int words = fields.words();
        return List.of(
                new Ct(CtKey.ORIGINAL_DESTINATION, 0),
                PacketFields.protocol(words),
                new Ct(CtKey.ORIGINAL_DESTINATION_PORT, words + 1));
    }

    /** Where protocol and port are after {@link #throughNodePort}. */
    static int nodePort(PacketFields fields) {
        return fields.words();
    }

    /**
     * Continues for a translated connection whose first destination was neither a virtual address nor a frontend at another address, which
     * may have the number of a node port as well.
     */
    static List<NftExpression> throughNodePort(PacketFields fields) {
        List<NftExpression> expressions = new ArrayList<>(any());
        expressions.addAll(originalFrontend(fields));
        expressions.add(new Member(ServiceSets.CLUSTER_IPS, 0, true));
        expressions.add(new Member(ServiceSets.EXTERNAL, 0, true));
        return expressions;
    }

    /** The rules that masquerade those connections whose rows say so. */
    public static List<NftRule> masquerade(PacketFields fields, ServiceOptions options) {
        NftExpression masquerade = new NftExpression.Masquerade(true);
        List<NftRule> rules = new ArrayList<>();
        List<NftExpression> virtual = new ArrayList<>(any());
        virtual.add(new Ct(CtKey.ORIGINAL_DESTINATION, 0));
        virtual.add(new Member(ServiceSets.CLUSTER_IPS, 0, false));
        if (!options.masqueradeAll()) {
            virtual.addAll(Origins.forwarded());
            virtual.addAll(Origins.notOfPods(fields, options.local()));
        }
        virtual.add(masquerade);
        rules.add(new NftRule("from elsewhere through a virtual address", virtual));
        List<NftExpression> own = new ArrayList<>(any());
        own.addAll(Origins.ofTheNode());
        own.addAll(originalFrontend(fields));
        own.add(new Member(ServiceSets.EXTERNAL, 0, false));
        own.add(masquerade);
        rules.add(new NftRule("the node's own through an external address", own));
        List<NftExpression> ownNodePort = new ArrayList<>(Origins.ofTheNode());
        ownNodePort.addAll(throughNodePort(fields));
        ownNodePort.add(new Member(ServiceSets.OWN_NODE_PORTS, nodePort(fields), false));
        ownNodePort.add(masquerade);
        rules.add(new NftRule("the node's own through a node port", ownNodePort));
        List<NftExpression> external = new ArrayList<>(any());
        external.addAll(originalFrontend(fields));
        external.add(new Member(ServiceSets.MASQUERADED, 0, false));
        external.add(masquerade);
        rules.add(new NftRule("through an external address", external));
        List<NftExpression> nodePort = new ArrayList<>(throughNodePort(fields));
        nodePort.add(new Member(ServiceSets.MASQUERADED_NODE_PORTS, nodePort(fields), false));
        nodePort.add(masquerade);
        rules.add(new NftRule("through a node port", nodePort));
        return rules;
    }
}
