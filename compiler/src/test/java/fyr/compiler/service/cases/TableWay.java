package fyr.compiler.service.cases;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.feature.ServiceOptions;
import fyr.compiler.feature.ServiceOptions.LocalTraffic;
import fyr.compiler.service.Delivery;
import fyr.compiler.service.Frontend;
import fyr.compiler.service.LocalNode;
import fyr.compiler.service.ServiceRow;
import fyr.compiler.service.ServiceRow.Origin;
import fyr.compiler.service.ServiceTable;
import fyr.compiler.service.Sources;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the neutral table of services says about a case, without anything that carries it out. */
final class TableWay {

    private final ServiceTable table;
    private final ServiceCase asked;
    private final Family family;
    private final Protocol protocol;
    private final List<ServiceRow> rows = new ArrayList<>();
    private final Set<IpAddress> virtual = new HashSet<>();

    private TableWay(ServiceTable table, ServiceCase asked, Family family, Protocol protocol) {
        this.table = table;
        this.asked = asked;
        this.family = family;
        this.protocol = protocol;
        table.services().forEach((name, _) -> {
            rows.addAll(table.rows(name).rows());
            virtual.addAll(table.rows(name).addresses());
        });
    }

    static Set<Outcome> outcomes(ServiceTable table, ServiceCase asked, Family family, Protocol protocol) {
        return new TableWay(table, asked, family, protocol).outcomes();
    }

    private Set<Outcome> outcomes() {
        Optional<ServiceRow> row = row();
        assertThat(row.flatMap(ServiceRow::affinity).isPresent()).as("affinity").isEqualTo(asked.sticky());
        return row.map(this::outcomes)
                .orElseGet(() -> virtual.contains(asked.to().in(family)) ? Outcome.REFUSED : unserved());
    }

    /** An address at which no service is found, or only at other ports. */
    private Set<Outcome> unserved() {
        IpAddress to = asked.to().in(family);
        if (asked.scene().owns(asked.to())) {
            return Outcome.UNTOUCHED;
        }
        if (asked.scene().isVirtual(to)) {
            return Outcome.DROPPED;
        }
        boolean balanced = rows.stream()
                .anyMatch(row -> row.frontend() instanceof Frontend.LoadBalancerIp(IpAddress address, var _, var _)
                        && address.equals(to));
        boolean fromOutside =
                !asked.scene().owns(asked.from()) && !asked.from().side().link().startsWith("fyr");
        return balanced && fromOutside ? Outcome.REFUSED : Outcome.UNTOUCHED;
    }

    /** A frontend at the address comes before a node port. */
    private Optional<ServiceRow> row() {
        return rows.stream()
                .filter(row -> row.frontend() instanceof Frontend.AtAddress at
                        && at.address().equals(asked.to().in(family))
                        && isAsked(at))
                .findFirst()
                .or(() -> rows.stream()
                        .filter(row -> row.frontend() instanceof Frontend.NodePort at
                                && at.family() == family
                                && isAsked(at)
                                && hasNodePorts(asked.to()))
                        .findFirst());
    }

    private boolean isAsked(Frontend frontend) {
        return frontend.protocol() == protocol && frontend.port() == asked.port();
    }

    private boolean hasNodePorts(Place at) {
        LocalNode node = table.node();
        IpAddress address = at.in(family);
        return asked.scene().owns(at)
                && at != Place.LOOPBACK
                && switch (node.options().nodePorts()) {
                    case ServiceOptions.NodePorts.Everywhere _ -> true;
                    case ServiceOptions.NodePorts.At(boolean primary, var prefixes) ->
                        primary && node.addresses().contains(address)
                                || prefixes.stream().anyMatch(prefix -> prefix.contains(address));
                };
    }

    private Set<Outcome> outcomes(ServiceRow row) {
        IpAddress client = asked.from().in(family);
        if (row.sources() instanceof Sources.Only(var prefixes)
                && prefixes.stream().noneMatch(prefix -> prefix.contains(client))) {
            return Outcome.DROPPED;
        }
        return switch (row.from(origin())) {
            case Delivery.Refuse _ -> Outcome.REFUSED;
            case Delivery.Drop _ -> Outcome.DROPPED;
            case Delivery.Forward(var backends, boolean masquerade) -> {
                Set<Outcome> reached = new HashSet<>();
                // A pod that reaches itself must answer by way of the node, whatever the row says.
                backends.forEach(backend -> reached.add(new Outcome.Reached(
                        Place.of(backend.address()).orElseThrow(),
                        backend.port(),
                        (masquerade || backend.address().equals(client)) && leaves(backend.address()))));
                yield reached;
            }
        };
    }

    /** What comes from elsewhere and ends at the node itself is not masqueraded: its answers come from here. */
    private boolean leaves(IpAddress endpoint) {
        return !asked.scene().owns(endpoint) || asked.scene().owns(asked.from());
    }

    private Origin origin() {
        if (asked.scene().owns(asked.from())) {
            return Origin.NODE;
        }
        String link = asked.from().side().link();
        IpAddress client = asked.from().in(family);
        boolean ofPod = switch (table.node().options().local()) {
            case LocalTraffic.NodeBlocks _ -> table.node().blocks().stream().anyMatch(block -> block.contains(client));
            case LocalTraffic.Prefixes(var prefixes) -> prefixes.stream().anyMatch(prefix -> prefix.contains(client));
            case LocalTraffic.Link(String name) -> link.equals(name);
            case LocalTraffic.LinkPrefix(String prefix) -> link.startsWith(prefix);
        };
        return ofPod ? Origin.POD : Origin.ELSEWHERE;
    }
}
