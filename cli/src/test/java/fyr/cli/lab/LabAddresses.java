package fyr.cli.lab;

import java.util.Map;
import java.util.Objects;

/** The addresses of a lab's pods and Services by name and family: {@code web1/4}. */
record LabAddresses(Map<String, String> all) {

    LabAddresses {
        all = Map.copyOf(all);
    }

    String get(String name) {
        return Objects.requireNonNull(all.get(name), name);
    }
}
