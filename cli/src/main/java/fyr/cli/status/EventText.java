package fyr.cli.status;

import tools.jackson.databind.JsonNode;

/** Observations, a line for each. */
final class EventText {

    private EventText() {}

    static String of(JsonNode observations) {
        StringBuilder text = new StringBuilder();
        observations.forEach(each -> text.append(line(each)).append('\n'));
        return text.toString();
    }

    static String line(JsonNode observation) {
        return observation.path("time").asString("").replaceFirst("\\..*", "Z") + "  "
                + observation.path("text").asString("");
    }
}
