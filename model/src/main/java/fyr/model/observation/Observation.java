package fyr.model.observation;

import fyr.model.address.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An event that somebody may want to know about: counted in metrics, written to the log, shown by commands. */
public sealed interface Observation {

    /** One line for people. */
    String text();

    /**
     * Something of ours was missing or changed in the kernel without a request of ours, and has been restored.
     *
     * @param entries how many there were
     * @param examples the first few of them, for people
     */
    record DriftRepaired(String table, int entries, List<String> examples) implements Observation {

        private static final int EXAMPLES_MAX = 3;

        public DriftRepaired {
            examples = List.copyOf(examples);
        }

        /** Everything about these entries. If there are thousands of them, as after a flush, only a few are worth a line. */
        public static DriftRepaired of(String table, List<String> keys) {
            return new DriftRepaired(table, keys.size(), keys.subList(0, Math.min(keys.size(), EXAMPLES_MAX)));
        }

        @Override
        public String text() {
            String more = entries > examples.size() ? " and " + (entries - examples.size()) + " more" : "";
            return "drift repaired: " + table + " " + String.join(", ", examples) + more;
        }
    }

    /** A change was applied to the kernel. */
    record Applied(String table, int upserts, int deletes, long nanoseconds) implements Observation {
        @Override
        public String text() {
            return "applied: " + table + " +" + upserts + " -" + deletes + " in " + nanoseconds / 1000 + " us";
        }
    }

    /** The kernel refused a change; it is retried. */
    record ApplyFailed(String table, String reason) implements Observation {
        @Override
        public String text() {
            return "not applied: " + table + ": " + reason;
        }
    }

    /** The API server was lost or found again. */
    record WatchChanged(String kind, boolean connected, String reason) implements Observation {
        @Override
        public String text() {
            return "watch of " + kind + (connected ? " runs: " : " lost: ") + reason;
        }
    }

    /** The API server is still unavailable, but for another reason than the one reported last. */
    record WatchStillLost(String kind, String reason) implements Observation {
        @Override
        public String text() {
            return "watch of " + kind + " still lost: " + reason;
        }
    }

    /**
     * A request of the container runtime was answered.
     *
     * @param verb of CNI, such as ADD
     * @param attachment container and interface; empty if the verb has none
     * @param failure code and message of the answer; empty if it was served
     */
    record CniAnswered(String verb, String attachment, Optional<String> failure, long nanoseconds)
            implements Observation {
        @Override
        public String text() {
            return "CNI " + verb + (attachment.isEmpty() ? "" : " " + attachment)
                    + failure.map(why -> " failed: " + why).orElse("") + " (" + nanoseconds / 1000 + " us)";
        }
    }

    /**
     * A client exceeded its share of cluster DNS, and the queries beyond it were not answered.
     *
     * @param client the pod, as {@code namespace/name}, or the address if no pod of this node has it
     * @param queries that were not answered since the last report
     */
    record DnsLimited(String client, IpAddress address, long queries) implements Observation {
        @Override
        public String text() {
            String who = client.equals(address.toString()) ? client : "pod " + client + " (" + address + ")";
            return "cluster DNS: " + who + " asks more than its share, so " + queries
                    + " of its queries went unanswered; other clients are served as usual";
        }
    }

    /** That client asks no more than its share for a while: nothing is to be kept about it. */
    record DnsLimitForgotten(String client) implements Observation {
        @Override
        public String text() {
            return "cluster DNS: " + client + " asks no more than its share";
        }
    }

    /**
     * The connection tracking table of the node fills. When it is full, the kernel drops the first packets of connections.
     *
     * @param percent of the table that is in use
     * @param since when it has been filling
     * @param shares who holds most of it, the largest first; at most a few
     */
    record ConntrackFilling(int percent, long entries, long max, Instant since, List<ConntrackShare> shares)
            implements Observation {

        public ConntrackFilling {
            shares = List.copyOf(shares);
        }

        @Override
        public String text() {
            String holders = shares.isEmpty()
                    ? "no pod of this node and no Service holds a large part"
                    : shares.stream().map(ConntrackShare::text).collect(Collectors.joining(", "));
            return "the connection tracking table is " + percent + " % full (" + entries + " of " + max
                    + " entries), and a full table refuses new connections: " + holders;
        }
    }

    /** The connection tracking table has room again. */
    record ConntrackRelieved(int percent) implements Observation {
        @Override
        public String text() {
            return "the connection tracking table is only " + percent + " % full again";
        }
    }

    /**
     * A pod wanted to open more connections than a pod may have at once, and its further ones were dropped.
     *
     * @param pod as {@code namespace/name}
     * @param most how many it may have in each family
     * @param refused packets since the last report
     */
    record ConnectionsRefused(String pod, int most, long refused) implements Observation {
        @Override
        public String text() {
            return "pod " + pod + " has opened " + most + " connections (option --conntrack-per-pod), so " + refused
                    + " first packets of further ones were dropped; other pods are not affected";
        }
    }

    /** That pod is gone: nothing is to be kept about it. */
    record ConnectionsForgotten(String pod) implements Observation {
        @Override
        public String text() {
            return "pod " + pod + ": its connections are no longer counted";
        }
    }

    /**
     * An object of the API server, or a part of it, cannot be true and is left out; {@code field} in Kubernetes' notation, such as {@code
     * spec.ports[0]}.
     */
    record ObjectRefused(Objection objection, String kind, String name, String field, String reason)
            implements Observation {
        @Override
        public String text() {
            return complaint().text();
        }

        /** What is said. */
        public Complaint complaint() {
            return new Complaint(kind, name, field, reason);
        }
    }

    /** What was said of an object by {@link ObjectRefused} holds no more: it is as it should be, or gone, or of no concern here now. */
    record ObjectAccepted(Objection objection, String kind, String name, String field) implements Observation {
        @Override
        public String text() {
            return kind + " " + name + ": " + field + ": no complaint about it any more";
        }
    }
}
