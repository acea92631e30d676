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

    /** The definition of the kind AddressPool. */
    Path addressPools() {
        return home.resolve("address-pools.yaml");
    }

    /** The agent without the modules of the other commands, with a heap that suffices for a lab. */
    List<String> agent(List<String> arguments) {
        return agent("-Xmx128m", arguments); // the last of several options of a kind takes effect
    }

    /** The agent with these options for the JVM, separated by blanks, after those of a real node. */
    List<String> agent(String options, List<String> arguments) {
        String all = ("@" + home.resolve("agent.args") + " " + options).strip();
        return java("agent", all, "fyr.agent/fyr.agent.command.AgentMain", arguments);
    }

    /** A command that runs a main class of any module with these arguments; options for the JVM are separated by blanks. */
    List<String> java(String options, String main, List<String> arguments) {
        return java("lib", options, main, arguments);
    }

    private List<String> java(String jars, String options, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.add("@" + home.resolve("java.args"));
        // The same as in the launcher: the installed files contain no path to themselves.
        command.addAll(List.of("-Dfyr.home=" + home, "-p", home.resolve(jars).toString()));
        command.add("-XX:SharedArchiveFile=" + home.resolve(jars + ".jsa"));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-m", main));
        command.addAll(arguments);
        return command;
    }
}
