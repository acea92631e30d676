package fyr.cluster.manifest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sequence that knows the line of each of its items. */
final class LinedList extends ArrayList<@Nullable Object> {

    private static final long serialVersionUID = 1;

    private final transient List<Integer> lines = new ArrayList<>();

    void add(@Nullable Object item, int line) {
        add(item);
        lines.add(line);
    }

    int line(int index) {
        return lines.get(index);
    }
}
