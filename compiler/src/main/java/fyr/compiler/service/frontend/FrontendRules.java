package fyr.compiler.service.frontend;

import fyr.compiler.feature.ServiceOptions;
import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.Ct;
import fyr.kernel.nft.NftExpression.CtKey;
import fyr.kernel.nft.NftExpression.FibDestinationType;
import fyr.kernel.nft.NftExpression.Member;
import fyr.kernel.nft.NftExpression.Operator;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rules of one family about frontends, whatever balances their connections. */
public final class FrontendRules {

    /** The chain of {@link #ranges}. */
    public static final String RANGES = "services-ranges";

    /** The chain that refuses everything, {@link fyr.compiler.nft.Refusal#rules}. */
    public static final String REFUSE = "services-refuse";

    /** The rule of {@link #rejectVirtual}. */
    public static final String UNTRANSLATED = "to a virtual address, and nothing took it";

    private static final int RTN_LOCAL = 2; // include/uapi/linux/rtnetlink.h

    private final PacketFields fields;
    private final ServiceOptions options;
    private final int proto;
    private final int port;

    /** Those of a node with these options. */
    public FrontendRules(PacketFields fields, ServiceOptions options) {
        this.fields = fields;
        this.options = options;
        proto = fields.words();
        port = proto + 1;
    }

    /** Loads the key of a frontend at an address. */
    public List<NftExpression> frontendKey() {
        return List.of(fields.destination(0), PacketFields.protocol(proto), PacketFields.destinationPort(port));
    }

    /** Loads the key of a node port. */
    public static List<NftExpression> nodePortKey() {
        return List.of(PacketFields.protocol(0), PacketFields.destinationPort(1));
    }

    /** Sends to {@link #RANGES} what only some may connect to. */
    public NftRule restricted() {
        List<NftExpression> expressions = new ArrayList<>(frontendKey());
        expressions.add(new Member(FrontendSets.RESTRICTED, 0, false));
        expressions.add(jump(RANGES));
        return new NftRule("load balancers that not everyone may use", expressions);
    }

    /** Drops what is not from one of a frontend's ranges. */
    public NftObject ranges() {
        List<NftExpression> expressions = new ArrayList<>(frontendKey());
        expressions.add(fields.source(port + 1));
        expressions.add(new Member(FrontendSets.ALLOWED_SOURCES, 0, true));
        expressions.add(new NftExpression.Counter());
        expressions.add(new NftExpression.Verdict(new NftVerdict.Drop()));
        return chain(List.of(new NftRule("not in the service's source ranges", expressions)));
    }

    /** Goes to a chain with packets to addresses that have node ports. */
    public NftRule atNode(String chain) {
        List<NftExpression> expressions = toNodePorts();
        expressions.add(jump(chain));
        return new NftRule("node ports", expressions);
    }

    /**
     * Continues for connections that no virtual server takes, or has taken already: the kernel does not mark these as translated, and where
     * there are virtual servers, virtual addresses are the node's own.
     */
    private List<NftExpression> unbalanced() {
        return switch (options.mode()) {
            case NFTABLES, IPTABLES -> List.of();
            case IPVS -> List.of(new Ct(CtKey.ORIGINAL_DESTINATION, 0), new Member(FrontendSets.CLUSTER_IPS, 0, true));
        };
    }

    /** Continues for packets to addresses that have node ports. */
    private List<NftExpression> toNodePorts() {
        List<NftExpression> expressions = new ArrayList<>(unbalanced());
        expressions.add(new FibDestinationType(0));
        expressions.add(new Compare(0, Operator.EQUAL, Bytes.host32(RTN_LOCAL)));
        expressions.addAll(fields.destinationIsNotLoopback(0));
        if (!(options.nodePorts() instanceof ServiceOptions.NodePorts.Everywhere)) {
            expressions.add(fields.destination(0));
            expressions.add(new Member(FrontendSets.NODE_PORT_ADDRESSES, 0, false));
        }
        return expressions;
    }

    /**
     * What begins a connection to a virtual address and has not been translated: its kernel has not what the plan says, or has it from another
     * mode of the node.
     */
    public NftRule rejectVirtual() {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.newConnection(0));
        expressions.add(fields.destination(0));
        expressions.add(new Member(FrontendSets.CLUSTER_IPS, 0, false));
        return refuse(UNTRANSLATED, expressions);
    }

    /** Only one port of the address is the service's. A translated packet may be for a port of the same number elsewhere. */
    public NftRule rejectExternal() {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.newConnection(0));
        expressions.addAll(PacketFields.untranslated(0));
        expressions.addAll(unbalanced());
        expressions.addAll(frontendKey());
        expressions.add(new Member(FrontendSets.EXTERNAL, 0, false));
        return refuse("external address of a service without endpoint", expressions);
    }

    /**
     * A node port belongs to its service even while the service has no endpoint (as in kube-proxy): no connection reaches another listener
     * on that port, and no UDP flow is tracked that would remain untranslated once there is an endpoint. A translated packet may be for a
     * port of the same number elsewhere.
     */
    public NftRule rejectNodePort() {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.newConnection(0));
        expressions.addAll(PacketFields.untranslated(0));
        expressions.addAll(nodePortKey());
        expressions.add(new Member(FrontendSets.OWN_NODE_PORTS, 0, false));
        expressions.addAll(toNodePorts());
        return refuse("node port without endpoint", expressions);
    }

    /** Refuses packets for which these expressions continue. */
    public static NftRule refuse(String comment, List<NftExpression> of) {
        List<NftExpression> expressions = new ArrayList<>(of);
        expressions.add(new NftExpression.Counter());
        expressions.add(new NftExpression.Verdict(new NftVerdict.Goto(REFUSE)));
        return new NftRule(comment, expressions);
    }

    /** Jumps to a chain. */
    public static NftExpression jump(String chain) {
        return new NftExpression.Verdict(new NftVerdict.Jump(chain));
    }

    /** A chain that others lead to. */
    public static NftObject chain(List<NftRule> rules) {
        return new NftObject.Chain(Optional.empty(), rules);
    }
}
