package fyr.cli.lab;

import fyr.lab.cluster.Lab;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "Lists your labs.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab list"})
final class ListCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        for (Lab lab : Lab.all()) {
            System.out.println(lab.directory().name() + "  "
                    + (lab.isRunning()
                            ? "up"
                            : "ended; remove it with: fyr lab down --name "
                                    + lab.directory().name()) + "  "
                    + lab.directory().kubeconfig());
        }
        return 0;
    }
}
