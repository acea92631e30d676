package fyr.compiler.service.iptables;

import fyr.compiler.service.Backend;
import fyr.compiler.service.Delivery;
import fyr.compiler.service.Frontend;
import fyr.compiler.service.ServiceRow;
import fyr.compiler.service.Sources;
import fyr.kernel.iptables.OurChains;
import fyr.kernel.iptables.XtKey.ChainKey;
import fyr.kernel.iptables.XtMatch;
import fyr.kernel.iptables.XtRule;
import fyr.kernel.iptables.XtTable;
import fyr.kernel.iptables.XtTarget;
import fyr.model.Protocol;
import fyr.model.ServiceTraffic;
import fyr.model.address.Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The rules for one port of a service in one family. They follow from the rows of its frontends, which lead to the same endpoints. */
final class PortChains {

    private static final XtTarget MASQUERADE = new XtTarget.Jump(OurChains.MARK_MASQ);

    private final PortName name;
    private final ServiceTraffic traffic;
    private final NodeRules node;
    private final ServiceLines.Collector lines;
    private final XtMatch protocol;
    private final Choice cluster = new Choice();
    private final Choice local = new Choice();
    private final SortedSet<Prefix> allowed = new TreeSet<>();
    private boolean restricted;

    /**
     * @param traffic tells which of two names a chain of endpoints has
     */
    PortChains(PortName name, ServiceTraffic traffic, NodeRules node, ServiceLines.Collector lines) {
        this.name = name;
        this.traffic = traffic;
        this.node = node;
        this.lines = lines;
        this.protocol = new XtMatch.OfProtocol(name.protocol());
    }

    /** Adds the rules of these rows. */
    void add(List<ServiceRow> rows) {
        rows.forEach(row -> {
            switch (row) {
                case ServiceRow(Frontend.ClusterIp at, Delivery _, Delivery _, Optional<Duration> _, Sources _) ->
                    internal(row, to(at));
                case ServiceRow(Frontend _, Delivery _, Delivery _, Optional<Duration> _, Sources _) -> external(row);
            }
        });
        if (traffic.healthCheckNodePort() != 0 && !rows.isEmpty()) {
            lines.share(filter(OurChains.NODEPORTS), healthCheck());
        }
        if (restricted) {
            lines.own(nat(name.firewall()), firewall());
        }
        own(name.cluster(), cluster);
        own(name.local(), local);
    }

    /** Load balancers reach it even if the node's own rules would not let them. */
    private XtRule healthCheck() {
        return rule(
                "% health check node port",
                List.of(
                        new XtMatch.OfProtocol(Protocol.TCP),
                        new XtMatch.DestinationPort(traffic.healthCheckNodePort())),
                new XtTarget.Accept());
    }

    private void own(String chain, Choice choice) {
        if (choice.isUsed()) {
            lines.own(nat(chain), choice.rules());
        }
    }

    private ChainKey nat(String chain) {
        return new ChainKey(node.family(), XtTable.NAT, chain);
    }

    private ChainKey filter(String chain) {
        return new ChainKey(node.family(), XtTable.FILTER, chain);
    }

    private static XtTarget jump(String chain) {
        return new XtTarget.Jump(chain);
    }

    private XtRule rule(String words, List<XtMatch> matches, XtTarget target) {
        return new XtRule(words.replace("%", name.text()), matches, target);
    }

    /** kube-proxy sends TCP an ICMP error as well, but the kernel limits their number ({@link fyr.compiler.nft.Refusal}). */
    private XtTarget reject() {
        return new XtTarget.Reject(name.protocol() == Protocol.TCP);
    }

    /** The packets to a frontend at an address. */
    private List<XtMatch> to(Frontend.AtAddress at) {
        return List.of(
                protocol,
                new XtMatch.Destination(Prefix.single(at.address()), false),
                new XtMatch.DestinationPort(at.port()));
    }

    private void internal(ServiceRow row, List<XtMatch> to) {
        switch (row.fromElsewhere()) {
            case Delivery.Forward(List<Backend> backends, boolean _) -> {
                boolean isLocal = traffic.internal() == ServiceTraffic.Policy.LOCAL;
                lines.share(
                        nat(OurChains.SERVICES),
                        rule("% cluster IP", to, jump(isLocal ? name.local() : name.cluster())));
                Choice choice = isLocal ? local : cluster;
                choice.first.add(masqueraded(row, to));
                endpoints(choice, backends, row.affinity());
            }
            case Delivery.Refuse _ -> lines.share(filter(OurChains.SERVICES), rule("% has no endpoints", to, reject()));
            case Delivery.Drop _ ->
                lines.share(filter(OurChains.SERVICES), rule("% has no local endpoints", to, new XtTarget.Drop()));
        }
    }

    /**
     * The rule that marks those connections to a virtual address whose rows say so. kube-proxy marks the node's own as well, unless it counts
     * the node's addresses as local traffic.
     */
    private XtRule masqueraded(ServiceRow row, List<XtMatch> to) {
        List<XtMatch> matches = new ArrayList<>(to);
        XtTarget target = MASQUERADE;
        if (!(row.fromHere() instanceof Delivery.Forward(var _, boolean all) && all)) {
            Optional<XtMatch> elsewhere = node.notFromPods();
            elsewhere.ifPresent(notFromPods -> matches.addAll(List.of(notFromPods, new XtMatch.SourceIsLocal(true))));
            if (elsewhere.isEmpty()) {
                target = jump(SharedChains.MARK_UNLESS_LOCAL);
            }
        }
        return rule("% cluster IP", matches, target);
    }

    private void external(ServiceRow row) {
        boolean leads = row.fromHere() instanceof Delivery.Forward;
        switch (row.frontend()) {
            case Frontend.ClusterIp _ -> throw new IllegalArgumentException("not external: " + row);
            case Frontend.NodePort at -> {
                List<XtMatch> to = List.of(protocol, new XtMatch.DestinationPort(at.port()));
                if (leads) {
                    lines.share(nat(OurChains.NODEPORTS), rule("%", to, jump(name.external())));
                }
                for (List<XtMatch> destination : node.atNodePorts()) {
                    List<XtMatch> matches = new ArrayList<>(destination);
                    matches.addAll(to);
                    refuse(row, matches);
                }
            }
            case Frontend.ExternalIp at -> {
                if (leads) {
                    lines.share(nat(OurChains.SERVICES), rule("% external IP", to(at), jump(name.external())));
                }
                refuse(row, to(at));
            }
            case Frontend.LoadBalancerIp at -> {
                if (leads) {
                    balanced(row, to(at));
                }
                refuse(row, to(at));
            }
        }
        if (leads && !lines.has(nat(name.external()))) {
            lines.own(nat(name.external()), externalChain(row));
        }
    }

    private void balanced(ServiceRow row, List<XtMatch> to) {
        boolean everyone = switch (row.sources()) {
            case Sources.Everyone _ -> true;
            case Sources.Only(List<Prefix> prefixes) -> {
                restricted = true;
                allowed.addAll(prefixes);
                lines.share(
                        filter(OurChains.PROXY_FIREWALL),
                        rule("% traffic not accepted by " + name.firewall(), to, new XtTarget.Drop()));
                yield false;
            }
        };
        lines.share(
                nat(OurChains.SERVICES),
                rule("% loadbalancer IP", to, jump(everyone ? name.external() : name.firewall())));
    }

    /** What no other rule leads to an endpoint. */
    private void refuse(ServiceRow row, List<XtMatch> to) {
        switch (row.fromElsewhere()) {
            case Delivery.Forward _ -> {}
            case Delivery.Refuse _ ->
                lines.share(filter(OurChains.EXTERNAL_SERVICES), rule("% has no endpoints", to, reject()));
            case Delivery.Drop _ ->
                lines.share(
                        filter(OurChains.EXTERNAL_SERVICES), rule("% has no local endpoints", to, new XtTarget.Drop()));
        }
    }

    private List<XtRule> externalChain(ServiceRow row) {
        List<XtRule> rules = new ArrayList<>();
        boolean isLocal = traffic.external() == ServiceTraffic.Policy.LOCAL;
        if (row.fromHere() instanceof Delivery.Forward(List<Backend> backends, boolean _)) {
            endpoints(cluster, backends, row.affinity());
        }
        if (!isLocal) {
            rules.add(rule("masquerade traffic for % external destinations", List.of(), MASQUERADE));
            rules.add(new XtRule(List.of(), jump(name.cluster())));
            return rules;
        }
        for (XtMatch pods : node.fromPods()) {
            rules.add(rule("pod traffic for % external destinations", List.of(pods), jump(name.cluster())));
        }
        List<XtMatch> own = List.of(new XtMatch.SourceIsLocal(false));
        rules.add(rule("masquerade LOCAL traffic for % external destinations", own, MASQUERADE));
        rules.add(rule("route LOCAL traffic for % external destinations", own, jump(name.cluster())));
        if (row.fromElsewhere() instanceof Delivery.Forward(List<Backend> backends, boolean _)) {
            endpoints(local, backends, row.affinity());
            rules.add(new XtRule(List.of(), jump(name.local())));
        }
        return rules;
    }

    private List<XtRule> firewall() {
        List<XtRule> rules = new ArrayList<>();
        for (Prefix prefix : allowed) {
            rules.add(rule("% loadbalancer IP", List.of(new XtMatch.Source(prefix, false)), jump(name.external())));
        }
        rules.add(rule("other traffic to % will be dropped by KUBE-PROXY-FIREWALL", List.of(), new XtTarget.Nothing()));
        return rules;
    }

    /** Adds the rules that choose one of these endpoints, unless an earlier row has done so: all that lead to a chain mean the same ones. */
    private void endpoints(Choice choice, List<Backend> backends, Optional<Duration> affinity) {
        if (!choice.endpoints.isEmpty()) {
            return;
        }
        affinity.ifPresent(time -> backends.forEach(backend -> choice.endpoints.add(
                chosen(backend, List.of(new XtMatch.Remembered(name.endpoint(backend), time.toSeconds()))))));
        int left = backends.size();
        for (Backend backend : backends) {
            choice.endpoints.add(chosen(backend, left == 1 ? List.of() : List.of(XtMatch.Chance.oneIn(left))));
            left--;
            if (!lines.has(nat(name.endpoint(backend)))) {
                lines.own(nat(name.endpoint(backend)), endpoint(backend, affinity.isPresent()));
            }
        }
    }

    private XtRule chosen(Backend backend, List<XtMatch> matches) {
        return rule("% -> " + PortName.place(backend), matches, jump(name.endpoint(backend)));
    }

    private List<XtRule> endpoint(Backend backend, boolean remembers) {
        List<XtMatch> matches = new ArrayList<>(List.of(protocol));
        if (remembers) {
            matches.add(new XtMatch.Remember(name.endpoint(backend)));
        }
        return List.of(
                // A pod that reaches itself would answer itself directly, past the translation.
                rule("%", List.of(new XtMatch.Source(Prefix.single(backend.address()), false)), MASQUERADE),
                rule("%", matches, new XtTarget.Translate(backend.address(), backend.port())));
    }

    /** The contents of a chain that chooses one of some endpoints. */
    private static final class Choice {
        private final List<XtRule> first = new ArrayList<>();
        private final List<XtRule> endpoints = new ArrayList<>();

        boolean isUsed() {
            return !endpoints.isEmpty();
        }

        List<XtRule> rules() {
            List<XtRule> rules = new ArrayList<>(first);
            rules.addAll(endpoints);
            return rules;
        }
    }
}
