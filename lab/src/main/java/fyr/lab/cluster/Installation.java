package fyr.lab.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The programs that a lab starts: this same Fyr, and its native helper. */
record Installation(Path home) {

    /** Where this process was started from ({@code -Dfyr.home}, which the launcher sets). */
    static Installation own() {
        Path home = Optional.ofNullable(System.getProperty("fyr.home"))
                .map(Path::of)
                .orElseThrow(() -> new LabException("started without fyr.home; use the launcher ./fyr"));
        if (!Files.isExecutable(home.resolve("bin/fyr-world"))) {
            throw new LabException(home + " is not whole; remove it and run ./fyr again");
        }
        return new Installation(home);
    }

    /** The program that enters the lab's namespaces. */
    Path door() {
        return home.resolve("bin/fyr-world");
    }

    /** How much memory an agent may use; the last of several options of a kind takes effect. */
    String agentOptions() {
        return "@" + home.resolve("agent.args");
    }

    /** A command that runs a Java main class with these arguments. */
    List<String> java(String options, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.add("@" + home.resolve("java.args"));
        // The same as in the launcher: the installed files contain no path to themselves.
        command.addAll(List.of("-Dfyr.home=" + home, "-p", home.resolve("lib").toString()));
        command.add("-XX:SharedArchiveFile=" + home.resolve("classes.jsa"));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-m", main));
        command.addAll(arguments);
        return command;
    }
}
