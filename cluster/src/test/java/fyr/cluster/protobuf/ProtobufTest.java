package fyr.cluster.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.cluster.read.Event;
import fyr.cluster.read.Kind;
import fyr.cluster.read.KindReader;
import fyr.cluster.read.Reading;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.policy.NetworkPolicy;
import fyr.model.policy.PolicyPort;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Converts the API server's protobuf to the JSON that readers know; anything that is not protobuf is refused, wherever it is broken. */
class ProtobufTest {

    private static final Encoder META = new Encoder()
            .text(1, "web")
            .text(2, "")
            .text(3, "shop")
            .text(6, "17")
            .message(8, new Encoder().number(1, 1_767_225_600L).number(2, 0))
            .message(9, new Encoder())
            .entry(11, "app", "we\"b")
            .entry(11, "", "")
            .entry(12, "note", "x".repeat(100))
            .message(17, new Encoder().text(1, "kubelet"));

    private static Encoder pod() {
        Encoder container = new Encoder()
                .text(1, "main")
                .message(
                        6,
                        new Encoder()
                                .text(1, "http")
                                .number(2, 0)
                                .number(3, 8080)
                                .text(4, "TCP"));
        return new Encoder()
                .message(1, META)
                .message(
                        2,
                        new Encoder()
                                .message(2, container)
                                .text(10, "n1")
                                .number(11, 0)
                                .message(20, container))
                .message(
                        3,
                        new Encoder()
                                .text(1, "Running")
                                .text(6, "10.0.0.1")
                                .message(12, new Encoder().text(1, "10.0.0.1"))
                                .message(12, new Encoder().text(1, "fd00::1")));
    }

    @Test
    void anObjectIsTheJsonOfItsWantedFields() throws Exception {
        assertThat(json(Schemas.POD, pod().bytes()))
                .isEqualTo(
                        "{\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\",\"resourceVersion\":\"17\","
                                + "\"creationTimestamp\":\"2026-01-01T00:00:00Z\",\"labels\":{\"app\":\"we\\\"b\",\"\":\"\"}},"
                                + "\"spec\":{\"containers\":[{\"ports\":[{\"name\":\"http\",\"containerPort\":8080,\"protocol\":\"TCP\"}]}],"
                                + "\"nodeName\":\"n1\",\"hostNetwork\":false,"
                                + "\"initContainers\":[{\"ports\":[{\"name\":\"http\",\"containerPort\":8080,\"protocol\":\"TCP\"}]}]},"
                                + "\"status\":{\"phase\":\"Running\",\"podIP\":\"10.0.0.1\",\"podIPs\":[{\"ip\":\"10.0.0.1\"},{\"ip\":\"fd00::1\"}]}}");
    }

    @Test
    void textThatIsNoTextAndControlsDoNotBreakTheJson() throws Exception {
        byte[] bad = {'a', (byte) 0xff, '"', '\\', 1, '\n', (byte) 0xc3, (byte) 0xa9};
        String json =
                json(Message.of(Field.text(1, "t")), new Encoder().bytes(1, bad).bytes());
        assertThat(json).isEqualTo("{\"t\":\"a\ufffd\\\"\\\\\\u0001\\u000a\u00e9\"}");
    }

    @Test
    void aFieldThatComesTwiceCountsAsItsLast() throws Exception {
        Message message = Message.of(Field.text(1, "t"), Field.texts(2, "r"));
        Encoder twice =
                new Encoder().text(1, "a").text(2, "x").text(1, "b").text(2, "").text(3, "?");
        assertThat(json(message, twice.bytes())).isEqualTo("{\"t\":\"b\",\"r\":[\"x\",\"\"]}");
    }

    @Test
    void portsOfPoliciesAreNumbersOrNames() throws Exception {
        Encoder ports = new Encoder()
                .message(
                        1,
                        new Encoder()
                                .text(1, "TCP")
                                .message(
                                        2,
                                        new Encoder().number(1, 0).number(2, 80).text(3, "")))
                .message(
                        1,
                        new Encoder()
                                .text(1, "UDP")
                                .message(
                                        2,
                                        new Encoder().number(1, 1).number(2, 0).text(3, "dns")))
                .message(1, new Encoder().text(1, "UDP"));
        Encoder policy = new Encoder()
                .message(1, META)
                .message(2, new Encoder().message(1, new Encoder()).message(2, ports));
        KindReader<NamespacedName, NetworkPolicy> reader = new KindReader<>(Kind.NETWORK_POLICY);
        List<Reading<NamespacedName, NetworkPolicy>> read = new ArrayList<>();
        reader.list(list(policy), read::add);
        NetworkPolicy found = ((Reading.Valid<NamespacedName, NetworkPolicy>) read.getFirst()).value();
        assertThat(found.ingress().getFirst().ports())
                .extracting(Object::getClass)
                .containsExactly(PolicyPort.Range.class, PolicyPort.Named.class, PolicyPort.All.class);
    }

    /** Only this annotation comes through. */
    @Test
    void theSchedulerOfAService() throws Exception {
        Encoder metadata = new Encoder()
                .text(1, "web")
                .text(3, "shop")
                .entry(12, "note", "x".repeat(100))
                .entry(12, Schemas.SCHEDULER, "mh")
                .entry(12, "fyr.dev/address-pool", "x");
        Encoder service = new Encoder().message(1, metadata).message(2, new Encoder().text(18, "10.96.0.5"));
        assertThat(json(Schemas.SERVICE, service.bytes()))
                .contains("\"annotations\":{\"fyr.dev/ipvs-scheduler\":\"mh\"}}");
        List<Reading<NamespacedName, Service>> read = new ArrayList<>();
        new KindReader<>(Kind.SERVICE)
                .list(new ListStream(new ByteArrayInputStream(listBytes(service)), Schemas.SERVICE), read::add);
        assertThat(((Reading.Valid<NamespacedName, Service>) read.getFirst())
                        .value()
                        .traffic())
                .isEqualTo(ServiceTraffic.USUAL.withScheduler(Optional.of("mh")));
    }

    private static InputStream list(Encoder... items) {
        return new ListStream(new ByteArrayInputStream(listBytes(items)), Schemas.NETWORK_POLICY);
    }

    private static byte[] listBytes(Encoder... items) {
        Encoder list =
                new Encoder().message(1, new Encoder().text(1, "").text(2, "99").text(3, "more"));
        for (Encoder item : items) {
            list.message(2, item);
        }
        return list.enveloped();
    }

    @Test
    void aListComesPieceByPieceAndOneThatIsCutOffIsNoList() throws Exception {
        byte[] whole = listBytes(pod(), pod(), pod());
        KindReader<NamespacedName, Pod> reader = new KindReader<>(Kind.POD);
        List<Reading<NamespacedName, Pod>> read = new ArrayList<>();
        KindReader.Page page = reader.list(new ListStream(new ByteArrayInputStream(whole), Schemas.POD), read::add);
        assertThat(page).isEqualTo(new KindReader.Page("99", Optional.of("more")));
        assertThat(read)
                .hasSize(3)
                .allMatch(r -> r instanceof Reading.Valid<NamespacedName, Pod> valid
                        && valid.value().addresses().size() == 2);
        int raw = whole.length - 4; // two empty texts follow what is in the envelope
        for (int length = 0; length < raw; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> new ListStream(new ByteArrayInputStream(cut), Schemas.POD).readAllBytes())
                    .as("of " + length + " bytes")
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void eventsComeAsLinesAndRefusalsAsStatus() throws Exception {
        Encoder end = new Encoder()
                .message(
                        1,
                        new Encoder()
                                .text(6, "50")
                                .entry(12, Schemas.INITIAL_EVENTS_END, "true")
                                .entry(12, "a", "b"));
        Encoder gone = new Encoder().text(3, "too old").text(4, "Expired").number(6, 410);
        java.io.ByteArrayOutputStream wire = new java.io.ByteArrayOutputStream();
        wire.writeBytes(Encoder.frame("ADDED", pod()));
        wire.writeBytes(Encoder.frame("BOOKMARK", end));
        wire.writeBytes(Encoder.frame("ERROR", gone));
        Frames frames = new Frames(new ByteArrayInputStream(wire.toByteArray()), Schemas.POD);
        KindReader<NamespacedName, Pod> reader = new KindReader<>(Kind.POD);
        assertThat(reader.event(frames.next().orElseThrow())).isInstanceOf(Event.Changed.class);
        assertThat(reader.event(frames.next().orElseThrow())).isEqualTo(new Event.Bookmark<>("50", true));
        assertThat(reader.event(frames.next().orElseThrow()))
                .isInstanceOfSatisfying(
                        Event.Failed.class,
                        failed -> assertThat(failed.status().expired()).isTrue());
        assertThat(frames.next()).isEmpty();
        Frames cut = new Frames(new ByteArrayInputStream(Arrays.copyOf(wire.toByteArray(), 30)), Schemas.POD);
        assertThatThrownBy(cut::next).isInstanceOf(IOException.class);
    }

    /** Whatever arrives: objects, or one kind of exception; never more memory than bytes. */
    @Test
    void anyBytesAreReadOrRefused() throws Exception {
        Random random = new Random(7);
        byte[] event = Encoder.frame("MODIFIED", pod());
        byte[] list = listBytes(pod(), pod());
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] one = mutated(round % 2 == 0 ? event : list, random);
            try {
                if (round % 2 == 0) {
                    Frames frames = new Frames(new ByteArrayInputStream(one), Schemas.POD);
                    for (Optional<byte[]> line = frames.next(); line.isPresent(); line = frames.next()) {
                        well(line.get());
                    }
                } else {
                    well(new ListStream(new ByteArrayInputStream(one), Schemas.POD).readAllBytes());
                }
            } catch (IOException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(2_000, 19_000);
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] copy = Arrays.copyOf(bytes, random.nextInt(5) == 0 ? random.nextInt(bytes.length) : bytes.length);
        for (int i = random.nextInt(4); i >= 0 && copy.length > 0; i--) {
            copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
        }
        if (copy.length > 0) {
            copy[0] = copy.length > 3 && random.nextInt(3) > 0 ? bytes[0] : copy[0];
        }
        return copy;
    }

    /** The output is JSON in every case. */
    private static void well(byte[] json) {
        try (var parser = new tools.jackson.core.json.JsonFactory()
                .createParser(tools.jackson.core.ObjectReadContext.empty(), json)) {
            while (parser.nextToken() != null) {
                parser.currentToken();
            }
        }
    }

    private static String json(Message message, byte[] bytes) throws IOException {
        JsonBytes json = new JsonBytes();
        new Transcoder(json).message(message, bytes, 0, bytes.length);
        return new String(json.toBytes(), StandardCharsets.UTF_8);
    }
}
