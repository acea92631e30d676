package fyr.agent.query;

import fyr.agent.observe.ObservationLog;
import fyr.agent.proxy.ProxyReading;
import fyr.compiler.NodePlan;
import fyr.kernel.Kernel;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.persistent.PersistentMap;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where answers come from. Everything may be asked on any thread.
 *
 * @param nodeName the name of the Node
 * @param server the API server, as in {@code https://192.0.2.1:6443}
 * @param started when the agent was started
 * @param snapshot the cluster as it was heard last
 * @param plan the plan of the last round
 * @param notReady why the node is not ready; empty if it is
 * @param attachments this node's pods
 * @param silence since when no watch has said anything
 * @param kernel opens a kernel for one query; it is closed afterwards
 * @param observations the latest of them
 * @param proxy the configuration of kube-proxy that the agent follows
 * @param balancer load balancer addresses, if the agent has to do with them
 */
public record QuerySources(
        String nodeName,
        String server,
        Instant started,
        Supplier<Optional<ClusterSnapshot>> snapshot,
        Supplier<Optional<NodePlan>> plan,
        Supplier<Optional<String>> notReady,
        Supplier<PersistentMap<String, Attachment>> attachments,
        Supplier<Optional<Duration>> silence,
        Supplier<Kernel> kernel,
        ObservationLog observations,
        Optional<ProxyReading> proxy,
        Supplier<Optional<BalancerState>> balancer) {}
