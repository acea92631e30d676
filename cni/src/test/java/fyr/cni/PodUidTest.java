package fyr.cni;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cni.protocol.RawRequest;
import fyr.model.Attachment;
import fyr.model.PodUid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** It is known from its ADD on to which pod an attachment belongs, for as long as it is attached. */
class PodUidTest {

    private static final String UID = "b1b6a9c4-0c9e-4e4f-8f2c-3c1c7f1f0a02";

    @TempDir
    Path directory;

    private World world;

    @BeforeEach
    void start() {
        world = new World(directory);
    }

    private Attachment heard() {
        return world.heard.get("web-0/eth0").orElseThrow();
    }

    private void add() {
        world.namespace("web-0");
        RawRequest request = world.request("ADD", "web-0", World.CONFIGURATION);
        Map<String, String> environment = new HashMap<>(request.environment());
        environment.merge("CNI_ARGS", ";K8S_POD_UID=" + UID, String::concat);
        assertThat(world.call(new RawRequest(environment, request.configuration()))
                        .status())
                .isZero();
    }

    @Test
    void theUidOfAddIsKeptByTheNextProcess() {
        add();
        assertThat(heard().podUid()).isEqualTo(PodUid.of(UID)).isNotEqualTo(PodUid.UNKNOWN);
        world.start();
        assertThat(heard().podUid()).isEqualTo(PodUid.of(UID));
        assertThat(heard().pod()).hasToString("shop/web-0");
    }

    @Test
    void aRuntimeThatDoesNotSayItIsServed() {
        assertThat(world.add("web-0").status()).isZero();
        assertThat(heard().podUid()).isEqualTo(PodUid.UNKNOWN);
    }

    /** A file that an older agent wrote names no UID. */
    @Test
    void aFileWithoutUidIsRead() throws IOException {
        add();
        Path file = directory.resolve("state").resolve(world.stateFiles().getFirst());
        String text = Files.readString(file);
        assertThat(text).contains("\"podUid\":\"" + UID + "\",");
        Files.writeString(file, text.replace("\"podUid\":\"" + UID + "\",", ""));
        world.start();
        assertThat(heard().podUid()).isEqualTo(PodUid.UNKNOWN);
        assertThat(world.stateFiles()).allMatch(name -> !name.endsWith("damaged"));
    }
}
