package fyr.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class PatchTest {
    private static JsonNode json(String text) {
        return Json.MAPPER.readTree(text.replace('\'', '"'));
    }

    private static JsonNode strategic(String target, String patch) {
        return StrategicMergePatch.apply(Kinds.PODS.fields(), (ObjectNode) json(target), (ObjectNode) json(patch));
    }

    /** Cases of RFC 7396 appendix A. */
    @Test
    void mergesAsTheRfcSays() {
        assertThat(MergePatch.apply(json("{'a':'b'}"), json("{'a':'c'}"))).isEqualTo(json("{'a':'c'}"));
        assertThat(MergePatch.apply(json("{'a':'b','b':'c'}"), json("{'a':null}")))
                .isEqualTo(json("{'b':'c'}"));
        assertThat(MergePatch.apply(json("{'a':['b']}"), json("{'a':'c'}"))).isEqualTo(json("{'a':'c'}"));
        assertThat(MergePatch.apply(json("{'a':{'b':'c'}}"), json("{'a':{'b':'d','c':null}}")))
                .isEqualTo(json("{'a':{'b':'d'}}"));
        assertThat(MergePatch.apply(json("{}"), json("{'a':{'bb':{'ccc':null}}}")))
                .isEqualTo(json("{'a':{'bb':{}}}"));
    }

    /** Cases of RFC 6902 appendix A. */
    @Test
    void appliesJsonPatches() {
        assertThat(JsonPatch.apply(json("{'foo':['bar','baz']}"), json("[{'op':'add','path':'/foo/1','value':'qux'}]")))
                .isEqualTo(json("{'foo':['bar','qux','baz']}"));
        assertThat(JsonPatch.apply(json("{'a':{'b':1},'c':{}}"), json("[{'op':'move','from':'/a/b','path':'/c/d'}]")))
                .isEqualTo(json("{'a':{},'c':{'d':1}}"));
        assertThat(JsonPatch.apply(
                        json("{'a/b':1,'m~n':2}"),
                        json("[{'op':'remove','path':'/a~1b'},{'op':'test','path':'/m~0n','value':2}]")))
                .isEqualTo(json("{'m~n':2}"));
        assertThatThrownBy(() -> JsonPatch.apply(json("{}"), json("[{'op':'remove','path':'/a'}]")))
                .isInstanceOf(StatusException.class);
        assertThatThrownBy(() -> JsonPatch.apply(json("{'a':1}"), json("[{'op':'test','path':'/a','value':2}]")))
                .hasMessageContaining("testing value /a failed");
    }

    @Test
    void mergesListsByTheirKeys() {
        assertThat(strategic(
                        "{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'1'}]}}",
                        "{'spec':{'containers':[{'name':'b','image':'2'},{'name':'c','image':'3'}]}}"))
                .isEqualTo(
                        json(
                                "{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'2'},{'name':'c','image':'3'}]}}"));
        assertThat(
                        strategic(
                                "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}",
                                "{'spec':{'$setElementOrder/containers':[{'name':'b'}],'containers':[{'name':'a','$patch':'delete'}]}}"))
                .isEqualTo(json("{'spec':{'containers':[{'name':'b'}]}}"));
    }

    @Test
    void followsDirectives() {
        assertThat(strategic(
                        "{'metadata':{'finalizers':['a','b']}}",
                        "{'metadata':{'$deleteFromPrimitiveList/finalizers':['a'],'finalizers':['c']}}"))
                .isEqualTo(json("{'metadata':{'finalizers':['b','c']}}"));
        assertThat(strategic(
                        "{'spec':{'securityContext':{'a':1}}}",
                        "{'spec':{'securityContext':{'$patch':'replace','b':2}}}"))
                .isEqualTo(json("{'spec':{'securityContext':{'b':2}}}"));
        assertThat(
                        strategic(
                                "{'spec':{'volumes':[{'name':'v','emptyDir':{}}]}}",
                                "{'spec':{'volumes':[{'name':'v','$retainKeys':['name','hostPath'],'hostPath':{'path':'/x'}}]}}"))
                .isEqualTo(json("{'spec':{'volumes':[{'name':'v','hostPath':{'path':'/x'}}]}}"));
        assertThat(strategic(
                        "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}",
                        "{'spec':{'$setElementOrder/containers':[{'name':'b'},{'name':'a'}]}}"))
                .isEqualTo(json("{'spec':{'containers':[{'name':'b'},{'name':'a'}]}}"));
    }

    /** Server-side apply matches items by all keys of a list. The strategic merge patch uses only the first key (kubernetes/kubernetes#39188). */
    @Test
    void applyTellsPortsOfTwoProtocolsApart() {
        String live = "{'spec':{'ports':[{'name':'t','port':53,'protocol':'TCP','nodePort':1}]}}";
        String both = "{'spec':{'ports':[{'name':'u','port':53,'protocol':'UDP'},{'name':'t','port':53}]}}";
        JsonNode applied = Patches.apply(Kinds.SERVICES.fields(), (ObjectNode) json(live), PatchKind.APPLY, json(both));
        assertThat(Json.at(applied, "spec", "ports"))
                .isEqualTo(
                        json(
                                "[{'name':'t','port':53,'protocol':'TCP','nodePort':1},{'name':'u','port':53,'protocol':'UDP'}]"));
    }
}
