package fyr.cni.protocol;

import fyr.kernel.pod.PodLink;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The result of an ADD.
 *
 * @param previous the result of the plugins before, which is passed on with ours behind it
 */
public record CniResult(CniVersion version, PodLink link, Optional<JsonNode> previous) {}
