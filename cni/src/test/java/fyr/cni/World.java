package fyr.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import fyr.cni.protocol.CniAnswer;
import fyr.cni.protocol.RawRequest;
import fyr.cni.state.DiskFiles;
import fyr.cni.state.StateFiles;
import fyr.model.Attachment;
import fyr.model.address.Prefix;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One node for tests: a fake kernel, a real directory, and requests by name. Restarting it is a new service on the same two. */
final class World {

    static final String CONFIGURATION = "{\"cniVersion\":\"1.1.0\",\"name\":\"fyr\",\"type\":\"fyr\"}";

    final FakePodLinks links = new FakePodLinks();
    final FakeFlows flows = new FakeFlows();
    final Path directory;
    volatile AttachmentListener listener = (attachments, _) -> CompletableFuture.completedFuture(attachments);
    volatile PersistentMap<String, Attachment> heard = PersistentMap.empty();
    final List<Observation> answers = new CopyOnWriteArrayList<>();
    String bootId = "boot-1";
    PodNetwork network = network("10.244.1.0/28", "fd00:10:244:1::/64");
    CniService service;

    World(Path directory) {
        this.directory = directory;
        this.service = start();
    }

    static PodNetwork network(String... blocks) {
        return new PodNetwork(List.of(blocks).stream().map(Prefix::parse).toList(), 1450);
    }

    CniService start() {
        return start(new DiskFiles());
    }

    CniService start(StateFiles files) {
        try {
            service = CniService.open(
                    directory.resolve("state"), files, () -> {}, bootId, links, flows, (attachments, added) -> {
                        heard = attachments;
                        return listener.changed(attachments, added);
                    });
            service.serve(new Serving.Open(network));
            return service;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A namespace: a file, and the fake kernel's knowledge of it. */
    Path namespace(String container) {
        try {
            Path file = Files.createDirectories(directory.resolve("netns")).resolve(container);
            Files.write(file, new byte[0]);
            links.namespaces.add(file);
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    RawRequest request(String command, String container, String configuration) {
        Map<String, String> environment = new HashMap<>();
        environment.put("CNI_COMMAND", command);
        environment.put("CNI_CONTAINERID", container);
        environment.put(
                "CNI_NETNS", directory.resolve("netns").resolve(container).toString());
        environment.put("CNI_IFNAME", "eth0");
        environment.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=" + container);
        return new RawRequest(environment, configuration.getBytes(UTF_8));
    }

    CniAnswer call(RawRequest request) {
        CniHandler.Served served = new CniHandler(service, _ -> {}).handle(request);
        answers.add(served.observation());
        return served.answer();
    }

    CniAnswer call(String command, String container, String configuration) {
        return call(request(command, container, configuration));
    }

    CniAnswer call(String command, String container) {
        return call(command, container, CONFIGURATION);
    }

    CniAnswer add(String container) {
        namespace(container);
        return call("ADD", container);
    }

    static JsonNode json(CniAnswer answer) {
        return JsonMapper.shared().readTree(answer.text());
    }

    static int code(CniAnswer answer) {
        return answer.status() == 0 ? 0 : json(answer).path("code").asInt();
    }

    List<String> stateFiles() {
        try {
            return new DiskFiles().list(directory.resolve("state"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
