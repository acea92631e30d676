package fyr.apiserver.controller;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class NodesTest {
    private static ObjectNode json(String text) {
        return (ObjectNode) Json.MAPPER.readTree(text.replace('\'', '"'));
    }

    private static ObjectNode node(String taints) {
        return json("{'metadata':{'name':'n','labels':{'cores':'8'}},'spec':{'taints':[" + taints
                + "]},'status':{'conditions':[{'type':'Ready','status':'True'}]}}");
    }

    private static ObjectNode affine(String terms) {
        return json(
                "{'spec':{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':["
                        + terms + "]}}}}}");
    }

    private static final String OTHER = "node(s) didn't match Pod's node affinity/selector";

    @Test
    void affinityIsByLabelsFieldsAndNumbers() {
        assertThat(Nodes.obstacle(
                        node(""), affine("{'matchFields':[{'key':'metadata.name','operator':'In','values':['n']}]}")))
                .isEmpty();
        assertThat(Nodes.obstacle(
                        node(""), affine("{'matchFields':[{'key':'metadata.name','operator':'In','values':['m']}]}")))
                .contains(OTHER);
        assertThat(Nodes.obstacle(
                        node(""), affine("{'matchExpressions':[{'key':'cores','operator':'Gt','values':['4']}]}")))
                .isEmpty();
        assertThat(Nodes.obstacle(
                        node(""), affine("{'matchExpressions':[{'key':'cores','operator':'Lt','values':['4']}]}")))
                .contains(OTHER);
        assertThat(Nodes.obstacle(node(""), affine("{},{'matchExpressions':[{'key':'gpu','operator':'Exists'}]}")))
                .as("an empty term selects none")
                .contains(OTHER);
    }

    @Test
    void nodesAreCountedByReason() {
        List<ObjectNode> nodes = List.of(
                named("a", "{'key':'mine','value':'x','effect':'NoSchedule'}", "True", false),
                named("b", "{'key':'mine','value':'x','effect':'NoSchedule'}", "True", false),
                named("c", "", "True", true),
                named("d", "", "Unknown", true),
                named("e", "", "True", false),
                named("f", "{'key':'soft','effect':'PreferNoSchedule'}", "True", false));
        ObjectNode holder =
                json("{'metadata':{'name':'h'},'spec':{'nodeName':'f','containers':[{'ports':[{'hostPort':80}]}]}}");
        ObjectNode pod = json(
                "{'metadata':{'name':'p'},'spec':{'nodeSelector':{'name':'f'},'containers':[{'ports':[{'hostPort':80}]}]}}");
        assertThat(why(List.of(holder, pod), nodes))
                .isEqualTo("0/6 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, "
                        + "1 node(s) didn't match Pod's node affinity/selector, 1 node(s) were not ready, 1 node(s) were unschedulable, "
                        + "2 node(s) had untolerated taint {mine: x}.");
        assertThat(why(List.of(pod), List.of())).isEqualTo("no nodes available to schedule pods");
        pod.withArray("/spec/tolerations").addObject().put("operator", "Exists");
        pod.withObject("/spec/nodeSelector").put("name", "c");
        assertThat(Scheduler.writes(List.of(pod), nodes, "now"))
                .as("tolerated, cordoned though it is")
                .containsExactly(new Write.Bind(pod, "c"));
    }

    private static String why(List<ObjectNode> pods, List<ObjectNode> nodes) {
        return Scheduler.writes(pods, nodes, "now").stream()
                .filter(Write.UpdateStatus.class::isInstance)
                .map(write -> ((Write.UpdateStatus) write).object())
                .map(pod -> Json.text(
                        Json.items(pod, "status", "conditions").iterator().next(), "message"))
                .findFirst()
                .orElseThrow();
    }

    private static ObjectNode named(String name, String taints, String ready, boolean cordoned) {
        return json("{'metadata':{'name':'" + name + "','labels':{'name':'" + name + "'}},'spec':{'unschedulable':"
                + cordoned + ",'taints':[" + taints + "]},'status':{'conditions':[{'type':'Ready','status':'" + ready
                + "'}]}}");
    }

    @Test
    void daemonsBearWhatTheNodeSuffersAndNothingElse() {
        ObjectNode plain = json("{'spec':{}}");
        assertThat(Nodes.fitsDaemon(node("{'key':'node.kubernetes.io/unschedulable','effect':'NoSchedule'}"), plain))
                .isTrue();
        assertThat(Nodes.fitsDaemon(node("{'key':'node.kubernetes.io/out-of-service','effect':'NoExecute'}"), plain))
                .isFalse();
        ObjectNode tainted = node("{'key':'mine','effect':'NoSchedule'}");
        assertThat(Nodes.fitsDaemon(tainted, plain)).isFalse();
        assertThat(Nodes.keepsDaemon(tainted, plain)).isTrue();
        assertThat(Nodes.keepsDaemon(node("{'key':'mine','effect':'NoExecute'}"), plain))
                .isFalse();
    }

    /** The taint NoSchedule keeps new pods off a node and does not remove those that run there. */
    @Test
    void aDaemonStaysOnATaintedNode() {
        ObjectNode set = json(
                "{'apiVersion':'apps/v1','kind':'DaemonSet','metadata':{'name':'d','namespace':'default','uid':'u'},'spec':{'template':{'spec':{}}}}");
        ObjectNode pod = json("{'metadata':{'name':'d-1'},'spec':{'nodeName':'n'}}");
        ObjectNode tainted = node("{'key':'mine','effect':'NoSchedule'}");
        assertThat(DaemonSets.writes(set, List.of(), List.of(tainted)))
                .noneMatch(write -> write instanceof Write.Create);
        set.withObject("/spec/updateStrategy").put("type", "OnDelete");
        assertThat(DaemonSets.writes(set, List.of(pod), List.of(tainted)))
                .noneMatch(write -> write instanceof Write.Delete);
        ObjectNode second = json("{'metadata':{'name':'d-2'},'spec':{'nodeName':'n'}}");
        assertThat(DaemonSets.writes(set, List.of(pod, second), List.of(node(""))))
                .filteredOn(write -> write instanceof Write.Delete)
                .containsExactly(new Write.Delete(Kinds.PODS, second));
    }
}
