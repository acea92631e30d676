package fyr.cni.protocol;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads requests, and refuses what the specification does not allow. */
public final class RequestReader {

    private static final JsonMapper JSON = JsonMapper.shared();

    private RequestReader() {}

    /**
     * The request in these variables and this configuration. VERSION is not among them: the executable answers it alone.
     *
     * @throws CniException with the code that the specification gives to the error
     */
    public static CniRequest read(RawRequest raw) {
        JsonNode configuration = configuration(raw.configuration());
        CniVersion version = CniVersion.parse(configuration.path("cniVersion").asString(""));
        return switch (raw.command()) {
            case "ADD" -> add(raw, configuration, version);
            case "DEL" -> new CniRequest.Delete(version, attachment(raw));
            case "CHECK" -> check(raw, configuration, since(CniVersion.V0_4_0, version, "CHECK"));
            case "GC" -> collect(configuration, since(CniVersion.V1_1_0, version, "GC"));
            case "STATUS" -> new CniRequest.Status(since(CniVersion.V1_1_0, version, "STATUS"));
            default ->
                throw environment(
                        "CNI_COMMAND: '" + raw.command() + "' is not one of ADD, DEL, CHECK, GC, STATUS, VERSION");
        };
    }

    /** The {@code cniVersion} of a configuration as far as it can be read; otherwise the newest supported one. For errors. */
    public static String versionText(RawRequest raw) {
        try {
            String text = JSON.readTree(raw.configuration()).path("cniVersion").asString("");
            return text.isEmpty() ? CniVersion.V1_1_0.text() : text;
        } catch (JacksonException e) {
            return CniVersion.V1_1_0.text();
        }
    }

    private static JsonNode configuration(byte[] bytes) {
        JsonNode configuration;
        try {
            configuration = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new CniException(
                    CniErrorCode.UNDECODABLE, "the network configuration is not JSON", e.getOriginalMessage());
        }
        if (!configuration.isObject()) {
            throw new CniException(CniErrorCode.UNDECODABLE, "the network configuration is not a JSON object");
        }
        return configuration;
    }

    private static CniVersion since(CniVersion first, CniVersion version, String command) {
        if (version.compareTo(first) < 0) {
            throw new CniException(
                    CniErrorCode.INCOMPATIBLE_VERSION,
                    command + " needs cniVersion " + first.text() + ", not " + version.text());
        }
        return version;
    }

    private static CniRequest add(RawRequest raw, JsonNode configuration, CniVersion version) {
        Capabilities.require(configuration.path("runtimeConfig"));
        PodArguments arguments = PodArguments.read(raw.variable("CNI_ARGS"));
        return new CniRequest.Add(
                version,
                network(configuration),
                attachment(raw),
                namespace(raw),
                arguments.pod(),
                arguments.podUid(),
                PortMappings.read(configuration.path("runtimeConfig").path("portMappings")),
                previous(configuration));
    }

    private static CniRequest check(RawRequest raw, JsonNode configuration, CniVersion version) {
        return new CniRequest.Check(version, attachment(raw), namespace(raw), previous(configuration));
    }

    /** libcni sends the list under the right name and under an older wrong one (containernetworking/cni#1101). */
    private static CniRequest collect(JsonNode configuration, CniVersion version) {
        JsonNode list = configuration.has("cni.dev/valid-attachments")
                ? configuration.path("cni.dev/valid-attachments")
                : configuration.path("cni.dev/attachments");
        return new CniRequest.Collect(
                version, network(configuration), list.isMissingNode() ? Optional.empty() : Optional.of(valid(list)));
    }

    /** Go encodes an empty list as null. An entry that cannot be read makes the whole list invalid: its pod must not be detached. */
    private static Set<AttachmentKey> valid(JsonNode list) {
        if (!list.isArray() && !list.isNull()) {
            throw new CniException(CniErrorCode.INVALID_CONFIGURATION, "cni.dev/valid-attachments is not a list");
        }
        Set<AttachmentKey> keys = new HashSet<>();
        for (JsonNode entry : list) {
            if (!entry.path("containerID").isString() || !entry.path("ifname").isString()) {
                throw new CniException(
                        CniErrorCode.INVALID_CONFIGURATION,
                        "cni.dev/valid-attachments: no containerID and ifname in " + entry);
            }
            keys.add(new AttachmentKey(
                    entry.path("containerID").stringValue(),
                    entry.path("ifname").stringValue()));
        }
        return Set.copyOf(keys);
    }

    private static Optional<JsonNode> previous(JsonNode configuration) {
        JsonNode previous = configuration.path("prevResult");
        if (previous.isMissingNode() || previous.isNull()) {
            return Optional.empty();
        }
        if (!previous.isObject()) {
            throw new CniException(CniErrorCode.INVALID_CONFIGURATION, "prevResult is not an object");
        }
        return Optional.of(previous);
    }

    private static String network(JsonNode configuration) {
        String name = configuration.path("name").asString("");
        if (!AttachmentKey.validName(name)) {
            throw new CniException(
                    CniErrorCode.INVALID_CONFIGURATION, "name: '" + name + "' is not a name of a network");
        }
        return name;
    }

    /**
     * The attachment that a request names.
     *
     * @throws CniException INVALID_ENVIRONMENT with the variable
     */
    public static AttachmentKey attachment(RawRequest raw) {
        String containerId = raw.variable("CNI_CONTAINERID");
        if (!AttachmentKey.validName(containerId)) {
            throw environment("CNI_CONTAINERID: '" + containerId + "' is not a container ID");
        }
        String interfaceName = raw.variable("CNI_IFNAME");
        if (!AttachmentKey.validInterface(interfaceName)) {
            throw environment("CNI_IFNAME: '" + interfaceName + "' is not a name of a link");
        }
        return new AttachmentKey(containerId, interfaceName);
    }

    private static Path namespace(RawRequest raw) {
        String text = raw.variable("CNI_NETNS");
        try {
            if (text.startsWith("/")) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            // Reported below, with the same words as for a relative path.
        }
        throw environment("CNI_NETNS: '" + text + "' is not an absolute path");
    }

    private static CniException environment(String message) {
        return new CniException(CniErrorCode.INVALID_ENVIRONMENT, message);
    }
}
