package fyr.cli;

import java.nio.file.Path;

/** Loads the classes that starts of any command need, for the archive of class data. Argument: the directory of jars. */
final class ClassData {

    private ClassData() {}

    public static void main(String[] args) throws Exception {
        fyr.agent.command.ClassData.load(Path.of(args[0]), new Fyr());
    }
}
