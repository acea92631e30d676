package fyr.cluster.event;

import fyr.model.observation.Complaint;
import fyr.model.observation.ConntrackShare;
import fyr.model.observation.Observation;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Events about a connection tracking table that fills: one on the Node, and one on the pod that holds the largest part. Their words
 * do not contain the numbers of the moment, so there is one of each for each time that the table fills.
 */
final class ConntrackEvents {

    private static final String REASON = "ConntrackFilling";
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private ConntrackEvents() {}

    static List<ObjectEvent> of(String node, Observation.ConntrackFilling filling) {
        String since = MINUTE.format(filling.since());
        Optional<ConntrackShare> pod = filling.shares().stream()
                .filter(share -> share.kind().equals("Pod"))
                .findFirst();
        List<Complaint> complaints = new ArrayList<>();
        complaints.add(new Complaint(
                "Node",
                node,
                "connection tracking",
                "the table has been more than three quarters full since " + since
                        + ", and a full one refuses new connections; the largest parts are connections "
                        + holders(filling.shares())));
        pod.ifPresent(share -> complaints.add(new Complaint(
                "Pod",
                share.name(),
                "connection tracking",
                "the table of node " + node + " has been more than three quarters full since " + since
                        + ", and the largest part are connections " + (share.opened() ? "from" : "to") + " this pod")));
        return complaints.stream()
                .map(complaint -> ObjectEvent.of(REASON, complaint))
                .flatMap(Optional::stream)
                .toList();
    }

    private static String holders(List<ConntrackShare> shares) {
        Stream<String> names =
                shares.stream().map(share -> (share.opened() ? "from " : "to ") + share.kind() + " " + share.name());
        return shares.isEmpty() ? "of neither a pod of this node nor a Service" : String.join(", ", names.toList());
    }
}
