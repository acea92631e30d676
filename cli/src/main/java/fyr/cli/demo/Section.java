package fyr.cli.demo;

import java.util.List;

/** One thing that was shown: a table, and whether it is as it should be. */
record Section(String title, List<String> head, List<Row> rows) {

    Section {
        head = List.copyOf(head);
        rows = List.copyOf(rows);
    }

    /** A line of the table, and whether what it says is as it should be. */
    record Row(boolean holds, List<String> cells) {
        Row {
            cells = List.copyOf(cells);
        }

        static Row of(boolean holds, String... cells) {
            return new Row(holds, List.of(cells));
        }
    }

    /** A table without rows has shown nothing. */
    boolean holds() {
        return !rows.isEmpty() && rows.stream().allMatch(Row::holds);
    }
}
