package fyr.lab.cluster;

import java.util.List;

/** What lab to make. */
public record LabOptions(int nodes, int subnets, ControlPlane controlPlane) {

    /** Whose API server and controllers. */
    public enum ControlPlane {
        /** The ones in this project. */
        EMBEDDED,
        /** The real ones, from the directory {@code $FYR_PEERS}. */
        KUBERNETES
    }

    List<String> arguments() {
        return List.of(Integer.toString(nodes), Integer.toString(subnets), controlPlane.name());
    }

    static LabOptions parse(List<String> arguments) {
        return new LabOptions(
                Integer.parseInt(arguments.get(0)),
                Integer.parseInt(arguments.get(1)),
                ControlPlane.valueOf(arguments.get(2)));
    }
}
