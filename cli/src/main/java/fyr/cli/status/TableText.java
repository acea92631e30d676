package fyr.cli.status;

import tools.jackson.databind.JsonNode;

/** A table as text. */
final class TableText {

    private TableText() {}

    static String of(JsonNode document) {
        StringBuilder text = new StringBuilder(document.path("text").asString(""));
        if (document.has("differences")) {
            String differences = document.path("differences").asString("");
            if (!document.has("text")) {
                text.append(document.path("table").asString(""))
                        .append(": ")
                        .append(document.path("planned").asInt())
                        .append(" entries\n");
            }
            text.append(
                    differences.isEmpty()
                            ? "The kernel holds what is planned.\n"
                            : "The agent would change this:\n" + differences);
        }
        return text.toString();
    }
}
