package fyr.cli.lab;

import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.lab.cluster.Lab;
import picocli.CommandLine.Option;

/** The option that selects a lab. */
public final class WhichLab {

    /** The name of the lab of {@code fyr demo}. */
    public static final String DEMO = "demo";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "fyr",
            description = "Name of the lab (default: ${DEFAULT-VALUE}).")
    private String name = "fyr";

    /** The given name. */
    public String name() {
        return name;
    }

    /** The running lab. */
    public Lab running() {
        return Lab.named(name);
    }

    /** A connection to the running lab's API server. */
    public ApiClient client() {
        return ApiClient.connect(new Kubeconfig(running().directory().kubeconfig()));
    }
}
