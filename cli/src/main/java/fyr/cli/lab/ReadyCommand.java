package fyr.cli.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "ready",
        description = "Lets pods be ready again that fyr lab unready has made not ready.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab ready -n shop deploy/checkout"})
final class ReadyCommand implements Callable<Integer> {

    @Mixin
    private WhichLab which = new WhichLab();

    @Option(
            names = "-n",
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "The pods' namespace (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Parameters(
            paramLabel = "POD",
            arity = "1..*",
            description =
                    "Name of a pod, or KIND/NAME of a Deployment, Service, and so on for all pods that it selects.")
    private List<String> pods = new ArrayList<>();

    @Override
    public Integer call() {
        new Readiness(which, namespace).set(pods, true);
        return 0;
    }
}
