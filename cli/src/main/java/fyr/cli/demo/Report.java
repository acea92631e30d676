package fyr.cli.demo;

import fyr.cli.lab.Columns;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Everything that was shown, in order. */
record Report(List<Section> sections) {

    private static final JsonMapper JSON = new JsonMapper();

    Report {
        sections = List.copyOf(sections);
    }

    boolean holds() {
        return sections.stream().allMatch(Section::holds);
    }

    /** As tables. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Section section : sections) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(with(section.head(), ""));
            section.rows().forEach(row -> rows.add(with(row.cells(), row.holds() ? "ok" : "WRONG")));
            text.append('\n').append(section.title()).append('\n').append(Columns.text(rows));
        }
        return text.append('\n')
                .append(holds() ? "All holds.\n" : "Something is wrong; see the rows marked WRONG.\n")
                .toString();
    }

    private static List<String> with(List<String> cells, String last) {
        List<String> all = new ArrayList<>(cells);
        all.add(last);
        return all;
    }

    /** The same as data. */
    String json() {
        ObjectNode report = JSON.createObjectNode().put("holds", holds());
        ArrayNode sections = report.putArray("sections");
        for (Section section : this.sections) {
            ObjectNode node = sections.addObject().put("title", section.title()).put("holds", section.holds());
            ArrayNode rows = node.putArray("rows");
            for (Section.Row row : section.rows()) {
                ObjectNode cells = rows.addObject();
                for (int i = 0; i < row.cells().size(); i++) {
                    cells.put(
                            section.head().get(i).toLowerCase(java.util.Locale.ROOT),
                            row.cells().get(i));
                }
                cells.put("holds", row.holds());
            }
        }
        return JSON.writeValueAsString(report);
    }
}
