package fyr.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.apiserver.http.ApiToken;
import fyr.apiserver.kinds.Column;
import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import fyr.apiserver.schema.StructuralSchema;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CustomResourceTest {
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String WIDGETS = "/apis/example.com/v1/namespaces/default/widgets";
    private static final String SCHEMA = "{'type':'object','required':['spec'],'properties':{'spec':{'type':'object',"
            + "'required':['size'],'properties':{'size':{'type':'integer','minimum':1,'maximum':9},"
            + "'mode':{'type':'string','enum':['a','b'],'default':'a'},"
            + "'name':{'type':'string','pattern':'%s'},"
            + "'port':{'x-kubernetes-int-or-string':true},"
            + "'labels':{'type':'object','additionalProperties':{'type':'string'}},"
            + "'open':{'type':'object','x-kubernetes-preserve-unknown-fields':true}}},"
            + "'status':{'type':'object','properties':{'ready':{'type':'boolean'},'replicas':{'type':'integer'}}}}}";
    private static final Resource MADE_UP = Resource.named("made.up", "v1", "gadgets", "Gadget")
            .columns(() -> List.of(Column.NAME))
            .schema(new StructuralSchema(json("{'type':'object','properties':{'note':{'type':'string'}}}")))
            .build();

    private ApiServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        List<Resource> kinds =
                Stream.concat(Kinds.ALL.stream(), Stream.of(MADE_UP)).toList();
        server = ApiServer.start(new InetSocketAddress("127.0.0.1", 0), Settings.LAB, ApiToken.fresh(), kinds);
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static JsonNode json(String text) {
        return Json.MAPPER.readTree(text.replace('\'', '"'));
    }

    private HttpResponse<String> send(String method, String path, String type, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + server.token().text())
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode answer(int code, String method, String path, String body) throws Exception {
        String type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
        HttpResponse<String> response = send(method, path, type, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
        return Json.MAPPER.readTree(response.body());
    }

    private static String definition(String group, String pattern) {
        String version = "{'name':'%s','served':true,'storage':%s,'schema':{'openAPIV3Schema':"
                + SCHEMA.formatted(pattern)
                + "},'subresources':{'status':{},'scale':{'specReplicasPath':'.spec.size',"
                + "'statusReplicasPath':'.status.replicas'}},"
                + "'additionalPrinterColumns':[{'name':'Size','type':'integer','jsonPath':'.spec.size'}]}";
        return "{'metadata':{'name':'widgets." + group + "'},'spec':{'group':'" + group + "','scope':'Namespaced',"
                + "'names':{'plural':'widgets','kind':'Widget','shortNames':['wd']},'versions':["
                + version.formatted("v1", "true")
                + "," + version.formatted("v1beta1", "false") + "]}}";
    }

    private static String widget(String name, String spec) {
        return "{'metadata':{'name':'" + name + "'},'spec':" + spec + "}";
    }

    @Test
    void servesAKindThatOnlyThisTestKnows() throws Exception {
        String path = "/apis/made.up/v1/namespaces/default/gadgets";
        JsonNode made = answer(201, "POST", path, "{'metadata':{'name':'g'},'note':'n','other':1}");
        assertThat(Json.text(made, "note")).isEqualTo("n");
        assertThat(made.has("other")).isFalse();
        assertThat(answer(200, "GET", "/apis/made.up/v1", "").toString()).contains("\"gadgets\"");
        answer(200, "DELETE", path + "/g", "");
    }

    @Test
    void servesTheKindOfADefinitionUntilItIsDeleted() throws Exception {
        answer(404, "GET", WIDGETS, "");
        JsonNode made = answer(201, "POST", DEFINITIONS, definition("example.com", "^x"));
        assertThat(Json.items(made, "status", "conditions"))
                .extracting(one -> Json.text(one, "type") + "=" + Json.text(one, "status"))
                .containsExactly("NamesAccepted=True", "Established=True");
        assertThat(answer(200, "GET", "/apis/example.com", "")
                        .at("/preferredVersion/version")
                        .stringValue())
                .isEqualTo("v1");
        assertThat(answer(200, "GET", "/apis/example.com/v1beta1", "").toString())
                .contains("widgets/status", "widgets/scale", "\"wd\"");
        assertThat(answer(200, "GET", "/openapi/v3/apis/example.com/v1", "").toString())
                .contains("com.example.v1.Widget");
        JsonNode widget = answer(201, "POST", WIDGETS, widget("w", "{'size':3,'other':1,'open':{'free':1}}"));
        assertThat(widget.path("spec")).isEqualTo(json("{'size':3,'open':{'free':1},'mode':'a'}"));
        String beta = "/apis/example.com/v1beta1/namespaces/default/widgets/w";
        assertThat(Json.text(answer(200, "GET", beta, ""), "apiVersion")).isEqualTo("example.com/v1beta1");
        JsonNode changed = answer(200, "PATCH", beta, "{'spec':{'size':4}}");
        assertThat(Json.number(changed, 0, "metadata", "generation")).isEqualTo(2);
        answer(200, "DELETE", DEFINITIONS + "/widgets.example.com", "");
        answer(404, "GET", WIDGETS, "");
        answer(201, "POST", DEFINITIONS, definition("example.com", "^x"));
        assertThat(Json.items(answer(200, "GET", WIDGETS, ""), "items")).isEmpty();
    }

    @Test
    void writesStatusAndScaleApart() throws Exception {
        answer(201, "POST", DEFINITIONS, definition("example.com", "^x"));
        JsonNode made =
                answer(201, "POST", WIDGETS, "{'metadata':{'name':'w'},'spec':{'size':3},'status':{'ready':true}}");
        assertThat(made.has("status")).isFalse();
        JsonNode status = answer(200, "PATCH", WIDGETS + "/w/status", "{'spec':{'size':5},'status':{'ready':true}}");
        assertThat(Json.number(status, 0, "spec", "size")).isEqualTo(3);
        assertThat(Json.truth(status, "status", "ready")).isTrue();
        assertThat(Json.number(status, 0, "metadata", "generation")).isEqualTo(1);
        answer(200, "PATCH", WIDGETS + "/w/scale", "{'spec':{'replicas':7}}");
        assertThat(Json.number(answer(200, "GET", WIDGETS + "/w", ""), 0, "spec", "size"))
                .isEqualTo(7);
        HttpResponse<String> strategic =
                send("PATCH", WIDGETS + "/w", "application/strategic-merge-patch+json", "{'spec':{'size':5}}");
        assertThat(strategic.statusCode()).isEqualTo(415);
    }

    @Test
    void refusesObjectsThatBreakTheSchema() throws Exception {
        answer(201, "POST", DEFINITIONS, definition("example.com", "^x"));
        for (String[] wrong : new String[][] {
            {"{}", "spec.size: Required value"},
            {"{'size':'3'}", "spec.size in body must be of type integer: \\\"string\\\""},
            {"{'size':0}", "spec.size in body should be greater than or equal to 1"},
            {"{'size':10}", "spec.size in body should be less than or equal to 9"},
            {"{'size':1,'mode':'c'}", "spec.mode: Unsupported value: \\\"c\\\": supported values: \\\"a\\\", \\\"b\\\""
            },
            {"{'size':1,'name':'y'}", "spec.name in body should match '^x'"},
            {"{'size':1,'port':1.5}", "spec.port in body must be of type integer,string"},
            {"{'size':1,'labels':{'a':1}}", "spec.labels.a in body must be of type string"},
            {"{'size':null}", "spec.size in body must be of type integer: \\\"null\\\""}
        }) {
            assertThat(send("POST", WIDGETS, "application/json", widget("w", wrong[0]))
                            .body())
                    .as(wrong[0])
                    .contains(wrong[1]);
        }
    }

    /** The pattern takes hours with backtracking. */
    @Test
    void isNotHeldUpByAPattern() throws Exception {
        answer(201, "POST", DEFINITIONS, definition("example.com", "^x*x*x*x*x*x*x*x*y$"));
        String body = widget("w", "{'size':1,'name':'" + "x".repeat(60) + "'}");
        assertThat(answer(422, "POST", WIDGETS, body).toString()).contains("too many steps");
    }

    @Test
    void refusesDefinitionsThatMakeNoKind() throws Exception {
        String good = definition("example.com", "^x");
        for (String[] wrong : new String[][] {
            {good.replace("widgets.example.com", "w.example.com"), "metadata.name"},
            {good.replace("'^x'", "'['"), "must be a valid regular expression"},
            {good.replace("'^x'", "'(a)(?=b)'"), "look-around are not supported"},
            {good.replace("'storage':true", "'storage':false"), "exactly one version marked as storage version"},
            {good.replace("'type':'integer','minimum'", "'minimum'"), "must not be empty for specified object fields"},
            {
                good.replace("widgets", "networkpolicies").replace("example.com", "networking.k8s.io"),
                "the server has networkpolicies.networking.k8s.io itself"
            }
        }) {
            assertThat(answer(422, "POST", DEFINITIONS, wrong[0]).toString()).contains(wrong[1]);
        }
    }
}
