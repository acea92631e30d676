package fyr.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.apiserver.http.ApiToken;
import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import fyr.apiserver.schema.StructuralSchema;
import fyr.apiserver.store.DeleteOptions;
import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.StatusWriter;
import fyr.cluster.client.StatusWriter.Outcome;
import fyr.cluster.client.StatusWriter.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Writes the status of an object of a kind that only this test knows. */
class StatusWriterTest {
    private static final Resource GADGETS = Resource.named("made.up", "v1", "gadgets", "Gadget")
            .absentStatus()
            .schema(new StructuralSchema(json("{'type':'object','properties':{'spec':{'type':'object',"
                    + "'properties':{'size':{'type':'integer'}}},'status':{'type':'object','properties':"
                    + "{'ready':{'type':'boolean'},'nodes':{'type':'integer'}}}}}")))
            .build();

    @TempDir
    Path folder;

    private ApiServer server;
    private ApiClient client;
    private StatusWriter writer;

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.MAPPER.readTree(text.replace('\'', '"'));
    }

    @BeforeEach
    void start() throws IOException {
        List<Resource> kinds =
                Stream.concat(Kinds.ALL.stream(), Stream.of(GADGETS)).toList();
        server = ApiServer.start(new InetSocketAddress("127.0.0.1", 0), Settings.LAB, ApiToken.fresh(), kinds);
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
        client = ApiClient.connect(new Kubeconfig(kubeconfig));
        writer = new StatusWriter(client, Duration.ofMillis(1));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private Target create() {
        ObjectNode made =
                server.registry().create(GADGETS, "default", json("{'metadata':{'name':'g'},'spec':{'size':1}}"));
        return new Target(GADGETS.path("default") + "/g", Json.uid(made));
    }

    private ObjectNode gadget() {
        return server.registry().get(GADGETS, "default", "g");
    }

    @Test
    void writesItsFieldsOfTheStatusAndNothingElse() throws Exception {
        Target target = create();
        server.registry().updateStatus(GADGETS, "default", "g", json("{'metadata':{'name':'g'},'status':{'nodes':3}}"));
        assertThat(writer.write(target, "{\"ready\":true}")).isEqualTo(Outcome.WRITTEN);
        assertThat(gadget().path("status")).isEqualTo(json("{'nodes':3,'ready':true}"));
        assertThat(Json.number(gadget(), 0, "metadata", "generation")).isEqualTo(1);
    }

    @Test
    void sendsNothingThatIsThereAlready() throws Exception {
        Target target = create();
        writer.write(target, "{\"ready\":true}");
        String version = Json.text(gadget(), "metadata", "resourceVersion");
        assertThat(writer.write(target, "{\"ready\":true}")).isEqualTo(Outcome.UNCHANGED);
        assertThat(Json.text(gadget(), "metadata", "resourceVersion")).isEqualTo(version);
        writer.forget(target);
        assertThat(writer.write(target, "{\"ready\":true}")).isEqualTo(Outcome.WRITTEN);
    }

    @Test
    void writesNothingToAnotherObjectOfTheSameName() throws Exception {
        Target old = create();
        server.registry().delete(GADGETS, "default", "g", DeleteOptions.NOW);
        assertThat(writer.write(old, "{\"ready\":true}")).isEqualTo(Outcome.GONE);
        create();
        assertThat(writer.write(old, "{\"ready\":true}")).isEqualTo(Outcome.GONE);
        assertThat(gadget().has("status")).isFalse();
    }

    @Test
    void doesNotRepeatWhatIsWrong() {
        Target target = create();
        assertThatThrownBy(() -> writer.write(target, "{\"ready\":1}"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("status.ready in body must be of type boolean");
    }
}
