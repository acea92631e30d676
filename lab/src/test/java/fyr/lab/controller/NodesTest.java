package fyr.lab.controller;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.lab.api.Json;
import fyr.lab.api.Resource;
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

    @Test
    void affinityIsByLabelsFieldsAndNumbers() {
        assertThat(Nodes.fits(
                        node(""), affine("{'matchFields':[{'key':'metadata.name','operator':'In','values':['n']}]}")))
                .isTrue();
        assertThat(Nodes.fits(
                        node(""), affine("{'matchFields':[{'key':'metadata.name','operator':'In','values':['m']}]}")))
                .isFalse();
        assertThat(Nodes.fits(
                        node(""), affine("{'matchExpressions':[{'key':'cores','operator':'Gt','values':['4']}]}")))
                .isTrue();
        assertThat(Nodes.fits(
                        node(""), affine("{'matchExpressions':[{'key':'cores','operator':'Lt','values':['4']}]}")))
                .isFalse();
        assertThat(Nodes.fits(node(""), affine("{},{'matchExpressions':[{'key':'gpu','operator':'Exists'}]}")))
                .as("an empty term selects none")
                .isFalse();
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

    /** A taint NoSchedule keeps new pods away, and leaves those that are there. */
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
                .containsExactly(new Write.Delete(Resource.PODS, second));
    }
}
