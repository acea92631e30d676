package fyr.cluster.event;

import fyr.cluster.read.Kind;
import fyr.model.observation.Complaint;
import fyr.model.observation.Objection;
import fyr.model.observation.Observation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A complaint as an Event of events.k8s.io/v1. Its name is derived only from its contents: of all agents that report the same complaint,
 * one creates the Event, and the others are told that it exists.
 *
 * @param kind of the object that the complaint is about
 * @param namespace of that object; empty if it has none
 * @param name of that object, without its namespace
 * @param reason a word for programs
 * @param saidByOne whether only one agent says it, and nobody else can write it
 */
record ObjectEvent(
        Kind<?, ?> kind,
        Optional<String> namespace,
        String name,
        String reason,
        Complaint complaint,
        boolean saidByOne) {

    private static final String NOT_AS_WRITTEN = "NotAsWritten";

    private static final JsonFactory JSON = new JsonFactory();
    private static final List<Kind<?, ?>> KINDS = List.of(
            Kind.NODE,
            Kind.NAMESPACE,
            Kind.POD,
            Kind.SERVICE,
            Kind.ENDPOINT_SLICE,
            Kind.NETWORK_POLICY,
            Kind.SERVICE_CIDR,
            Kind.ADDRESS_POOL);

    /** As metav1.MicroTime is written. */
    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Limits of ValidateEventCreate (pkg/apis/core/validation/events.go). */
    private static final int NOTE = 1024;

    private static final int REPORTER = 128;

    /** How many nodes write the Event at once that all would write alike: some of them may be down. */
    private static final int WRITERS = 3;

    /** The size of a cluster up to which all nodes write at once. */
    private static final int ALL_WRITE = 16;

    /** A name has 253 characters, of which a point and the hash take 17. */
    private static final int NAME = 230;

    /** Empty if the complaint is about something that cannot have an Event: an object without a name, or of an unknown kind. */
    static Optional<ObjectEvent> of(Complaint complaint) {
        return of(NOT_AS_WRITTEN, complaint);
    }

    /** The same with another reason. */
    static Optional<ObjectEvent> of(String reason, Complaint complaint) {
        return of(reason, complaint, false);
    }

    /** The Event of what was observed. */
    static Optional<ObjectEvent> of(Observation.ObjectRefused refusal) {
        return of(NOT_AS_WRITTEN, refusal.complaint(), refusal.objection() == Objection.UNASSIGNED);
    }

    private static Optional<ObjectEvent> of(String reason, Complaint complaint, boolean saidByOne) {
        int slash = complaint.name().indexOf('/');
        String name = complaint.name().substring(slash + 1);
        Optional<String> namespace =
                slash < 0 ? Optional.empty() : Optional.of(complaint.name().substring(0, slash));
        return KINDS.stream()
                .filter(kind -> kind.name().equals(complaint.kind()))
                .filter(_ ->
                        !name.isEmpty() && namespace.filter(String::isEmpty).isEmpty())
                .findFirst()
                .map(kind -> new ObjectEvent(kind, namespace, name, reason, complaint, saidByOne));
    }

    /** {@code v1} or {@code networking.k8s.io/v1}. */
    private String apiVersion() {
        return kind.path().replaceFirst("^/apis?/", "").replaceFirst("/[a-z]+$", "");
    }

    private String eventNamespace() {
        return namespace.orElse("default");
    }

    /** Where it is created. */
    String path() {
        return "/apis/events.k8s.io/v1/namespaces/" + eventNamespace() + "/events";
    }

    /** Where the object is. */
    String objectPath() {
        String plural = kind.path().substring(kind.path().lastIndexOf('/') + 1);
        String group = kind.path().substring(0, kind.path().lastIndexOf('/'));
        return group + namespace.map(own -> "/namespaces/" + own).orElse("") + "/" + plural + "/" + name;
    }

    /** Whether nobody else writes it: it concerns the node itself, or a pod, of which only the nodes know that follow it. */
    boolean isOf(String node) {
        return saidByOne || kind.equals(Kind.POD) || kind.equals(Kind.NODE) && name.equals(node);
    }

    /**
     * Whether this node is one of those that write it at once if all say it. All would ask the API server thousands of times in a moment for the
     * same: the few write it whom the event's name happens to point at, so that they differ from one event to the next. In a small cluster all
     * write it. The few may be invented Nodes, which have no agent: the others must write it too, though later.
     *
     * @param nodes all nodes that are known; this one may be missing
     */
    boolean isWrittenAtOnceBy(String node, Collection<String> nodes) {
        if (nodes.size() <= ALL_WRITE) {
            return true;
        }
        String event = eventName();
        String own = hash(event + " " + node);
        return nodes.stream()
                        .filter(other ->
                                !other.equals(node) && hash(event + " " + other).compareTo(own) < 0)
                        .limit(WRITERS)
                        .count()
                < WRITERS;
    }

    /** The same for the same words about the same object, on every node. */
    String eventName() {
        // A part of a DNS subdomain ends with a letter or a digit.
        return cut(name, NAME).replaceFirst("[-.]+$", "") + "." + hash(complaint.text());
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The object to create.
     *
     * @param uid of the object that the event is about; empty if not known. With it {@code kubectl describe} shows the event.
     * @param node whose agent reports it
     */
    byte[] json(Optional<String> uid, String node, Instant now) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("apiVersion", "events.k8s.io/v1");
            json.writeStringProperty("kind", "Event");
            json.writeObjectPropertyStart("metadata");
            json.writeStringProperty("name", eventName());
            json.writeStringProperty("namespace", eventNamespace());
            json.writeEndObject();
            json.writeStringProperty("eventTime", MICRO_TIME.format(now));
            json.writeStringProperty("type", "Warning");
            json.writeStringProperty("reason", reason);
            json.writeStringProperty("action", "Program");
            json.writeStringProperty("note", cut(complaint.field() + ": " + complaint.what(), NOTE));
            json.writeStringProperty("reportingController", "fyr-agent");
            json.writeStringProperty("reportingInstance", cut(node, REPORTER));
            regarding(json, uid);
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private void regarding(JsonGenerator json, Optional<String> uid) {
        json.writeObjectPropertyStart("regarding");
        json.writeStringProperty("apiVersion", apiVersion());
        json.writeStringProperty("kind", kind.name());
        json.writeStringProperty("name", name);
        namespace.ifPresent(own -> json.writeStringProperty("namespace", own));
        uid.ifPresent(known -> json.writeStringProperty("uid", known));
        json.writeEndObject();
    }

    /** As much of a text as these bytes of UTF-8 hold, which is how Kubernetes counts; half a surrogate pair becomes a question mark. */
    static String cut(String text, int most) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(most, bytes.length);
        while (end < bytes.length && (bytes[end] & 0xC0) == 0x80) {
            end--; // not within a character
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
