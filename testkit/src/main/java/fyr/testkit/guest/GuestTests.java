package fyr.testkit.guest;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the tests {@code *GuestIT} of one module in this JVM. */
public final class GuestTests {

    private GuestTests() {}

    /**
     * Ends with exit code 1 if a test failed, or if there was none.
     *
     * @param arguments the folder of the module's test classes; the file to write a report to, of the form that surefire writes, with the
     *     numbers only; the beginning of the names of the classes to run, which may be empty
     */
    public static void main(String[] arguments) throws IOException {
        Results results = run(Path.of(arguments[0]), arguments.length > 2 ? arguments[2] : "");
        Files.writeString(Path.of(arguments[1]), results.report());
        results.print(System.out);
        System.out.flush();
        Runtime.getRuntime().halt(results.good() ? 0 : 1);
    }

    private static Results run(Path classes, String beginning) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClasspathRoots(Set.of(classes)))
                .filters(includeClassNamePatterns(".*\\." + Pattern.quote(beginning) + "[A-Za-z0-9]*GuestIT"))
                .configurationParameter("junit.jupiter.execution.timeout.default", "5 m")
                .configurationParameter("junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
                .build();
        Results results = new Results();
        LauncherFactory.create().execute(request, results);
        return results;
    }
}
