package fyr.cli.lab;

import fyr.lab.cluster.Lab;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "down",
        description =
                "Stops a lab, whatever its state, and removes everything that belongs to it. Without --name, also removes what a killed demo left behind.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab down --all"})
final class DownCommand implements Callable<Integer> {

    @Mixin
    private WhichLab which = new WhichLab();

    @Option(names = "--all", description = "Remove all labs of the current user.")
    private boolean all;

    @Override
    public Integer call() {
        if (all) {
            Lab.all().forEach(lab -> down(lab.directory().name()));
        } else if (!down(which.name()) && !(which.name().equals("fyr") && down(WhichLab.DEMO))) {
            System.out.println("no lab '" + which.name() + "'");
        }
        return 0;
    }

    private static boolean down(String name) {
        boolean existed = Lab.down(name);
        if (existed) {
            System.out.println("lab '" + name + "' is down");
        }
        return existed;
    }
}
