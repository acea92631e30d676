package fyr.compiler.service.nft;

import fyr.compiler.feature.ServiceOptions.LocalTraffic;
import fyr.compiler.nft.PacketFields;
import fyr.compiler.service.frontend.Origins;
import fyr.compiler.service.frontend.TranslatedConnections;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Ct;
import fyr.kernel.nft.NftExpression.CtKey;
import fyr.kernel.nft.NftExpression.DestinationNat;
import fyr.kernel.nft.NftExpression.Forget;
import fyr.kernel.nft.NftExpression.Immediate;
import fyr.kernel.nft.NftExpression.MapLookup;
import fyr.kernel.nft.NftExpression.Member;
import fyr.kernel.nft.NftExpression.Remember;
import fyr.kernel.nft.NftExpression.VerdictLookup;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * ClientIP affinity. When a connection leaves for its endpoint, one chain for each different timeout remembers client, frontend and endpoint,
 * until the client has begun no connection for that time. A further connection goes to that endpoint if the service still has it: that is
 * looked up as well, so an endpoint that is gone takes no connection even if it is still remembered.
 */
final class AffinityRules {

    /** Before the source is translated (NF_IP_PRI_NAT_SRC of include/uapi/linux/netfilter_ipv4.h is 100). */
    private static final int BEFORE_SRCNAT = 99;

    private final PacketFields fields;
    private final LocalTraffic local;
    private final int words;

    AffinityRules(PacketFields fields, LocalTraffic local) {
        this.fields = fields;
        this.local = local;
        words = fields.words();
    }

    /** The chain that remembers a client for this time. */
    static NftVerdict.Goto remembering(Duration time) {
        return new NftVerdict.Goto("remember-" + time.toSeconds() + "s");
    }

    /** Its rules. */
    NftObject.Chain remember(Duration time) {
        int data = 2 * words + 2;
        List<NftExpression> expressions = new ArrayList<>(List.of(
                fields.source(0),
                new Ct(CtKey.ORIGINAL_DESTINATION, words),
                PacketFields.protocol(2 * words),
                new Ct(CtKey.ORIGINAL_DESTINATION_PORT, 2 * words + 1),
                new Immediate(data, Bytes.host32(0)),
                fields.destination(data + 1),
                PacketFields.destinationPort(data + 1 + words),
                new Remember(ServiceSets.AFFINITY, 0, data, Math.toIntExact(time.toSeconds()))));
        return new NftObject.Chain(Optional.empty(), List.of(new NftRule("the client's endpoint", expressions)));
    }

    /** Chains at both ends of a packet's way through the node. Only chains of type nat are for first packets alone. */
    Map<String, NftObject> hooks() {
        return Map.of(
                "affinity-postrouting", hook(NftHook.Point.POSTROUTING),
                "affinity-input", hook(NftHook.Point.INPUT));
    }

    private NftObject hook(NftHook.Point point) {
        List<NftExpression> byAddress = new ArrayList<>(TranslatedConnections.any());
        byAddress.addAll(TranslatedConnections.originalFrontend(fields));
        byAddress.add(new VerdictLookup(ServiceSets.AFFINITY_TIMEOUTS, 0));
        List<NftExpression> byNodePort = new ArrayList<>(TranslatedConnections.throughNodePort(fields));
        byNodePort.add(
                new VerdictLookup(ServiceSets.NODE_PORT_AFFINITY_TIMEOUTS, TranslatedConnections.nodePort(fields)));
        List<NftExpression> elsewhere = new ArrayList<>(Origins.forwarded());
        elsewhere.addAll(Origins.notOfPods(fields, local));
        return new NftObject.Chain(
                Optional.of(new NftHook(NftHook.Type.NAT, point, BEFORE_SRCNAT, false)),
                List.of(
                        forget("a client whose endpoint is gone", List.of(), List.of(ServiceMaps.values())),
                        forget(
                                "a client from elsewhere whose endpoint is only for this node's clients",
                                elsewhere,
                                List.of(ServiceMaps.ADDRESS, ServiceMaps.NODE_PORT)),
                        new NftRule("services with affinity", byAddress),
                        new NftRule("node ports with affinity", byNodePort)));
    }

    /** What is remembered of a client cannot be replaced, and this connection did not go there because the endpoint is in none of these. */
    private NftRule forget(String comment, List<NftExpression> clients, List<ServiceMaps> unless) {
        List<NftExpression> expressions = new ArrayList<>(TranslatedConnections.any());
        expressions.addAll(clients);
        expressions.addAll(
                List.of(fields.source(0), new Ct(CtKey.ORIGINAL_DESTINATION, words), PacketFields.protocol(2 * words)));
        expressions.addAll(remembered(new Ct(CtKey.ORIGINAL_DESTINATION_PORT, port())));
        for (ServiceMaps maps : unless) {
            expressions.add(new Member(maps.affine(), endpointKey(maps), true));
        }
        expressions.add(new Forget(ServiceSets.AFFINITY, 0, port()));
        return new NftRule(comment, expressions);
    }

    /** The register of the frontend's port; what follows is the endpoint. */
    private int port() {
        return 2 * words + 1;
    }

    private int endpointKey(ServiceMaps maps) {
        return maps.isNodePort() ? 2 * words : words;
    }

    /**
     * Loads the endpoint that a client had behind the frontend's port. So the key of a second lookup contains the result of the first one.
     * What nft needs to print such a rule is explained in fyr.compiler.policy.Judgement: the result has a zero word in front, which is
     * written over the port, and something of the right length is loaded first where its other words will be.
     */
    private List<NftExpression> remembered(NftExpression loadPort) {
        int endpoint = port() + 1;
        return List.of(
                loadPort,
                fields.source(endpoint),
                PacketFields.sourcePort(endpoint + words),
                new MapLookup(ServiceSets.AFFINITY, 0, port()),
                loadPort);
    }

    /** Leads a client to the endpoint that it had before. */
    NftRule lead(ServiceMaps maps) {
        List<NftExpression> expressions =
                new ArrayList<>(List.of(fields.source(0), fields.destination(words), PacketFields.protocol(2 * words)));
        expressions.addAll(remembered(PacketFields.destinationPort(port())));
        expressions.add(new Member(maps.affine(), endpointKey(maps), false));
        expressions.add(new DestinationNat(port() + 1, OptionalInt.of(port() + 1 + words)));
        return new NftRule("the endpoint that the client had before", expressions);
    }
}
