package fyr.cli.lab;

import fyr.cluster.client.ApiClient;
import fyr.lab.cluster.LabException;
import fyr.lab.cluster.Objects;
import fyr.lab.cluster.Workloads;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "exec",
        description =
                "Runs a program of this machine in the network of a pod, with the pod's resolv.conf and host name.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: fyr lab exec -n shop deploy/frontend -- curl -s http://checkout:8080",
            "         fyr lab exec --node node1 -- ip route"
        })
final class ExecCommand implements Callable<Integer> {

    @Mixin
    private WhichLab which = new WhichLab();

    @Option(
            names = "-n",
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "The pod's namespace (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Option(
            names = "--node",
            description = "Take the first argument as the name of a node, or as router or outside, instead of a pod.")
    private boolean node;

    @Parameters(
            index = "0",
            paramLabel = "POD",
            description =
                    "Name of a pod or node, or KIND/NAME of a Deployment, Service, and so on to use one of its pods.")
    private String pod = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "The program and its arguments.")
    private List<String> program = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> command = node ? which.running().onNode(pod, program) : inPod();
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private List<String> inPod() {
        String name = RunningPod.named(which, namespace, pod);
        try {
            return which.running().inPod(namespace, name, program);
        } catch (LabException absent) {
            try (ApiClient client = which.client()) {
                throw new LabException(
                        absent.getMessage() + ": " + new Workloads(new Objects(client)).whyNotRunning(namespace, name));
            }
        }
    }
}
