package fyr.testkit.guest;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** What became of the tests. A container that fails, such as a class whose preparation fails, counts as a test. */
final class Results implements TestExecutionListener {

    private final long start = System.nanoTime();
    private final List<String> failures = new ArrayList<>();
    private int tests;
    private int skipped;
    private long begun;

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        tests++;
        skipped++;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        begun = System.nanoTime();
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean failed = result.getStatus() != TestExecutionResult.Status.SUCCESSFUL;
        if (test.isTest() || failed) {
            tests++;
            System.out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - begun) / 1e9, name(test));
        }
        if (failed) {
            failures.add(name(test) + ": "
                    + result.getThrowable().map(Throwable::toString).orElse("aborted"));
            result.getThrowable().ifPresent(thrown -> thrown.printStackTrace(System.out));
        }
    }

    private static String name(TestIdentifier test) {
        return test.getSource()
                .map(source -> source instanceof MethodSource method
                        ? method.getClassName() + "." + test.getDisplayName()
                        : test.getDisplayName())
                .orElse(test.getDisplayName());
    }

    boolean good() {
        return failures.isEmpty() && tests > skipped;
    }

    void print(PrintStream out) {
        failures.forEach(failure -> out.println("FAILED " + failure));
        out.println(tests + " tests, " + failures.size() + " failed, " + skipped + " skipped");
    }

    /** As surefire writes it, without the single tests. */
    String report() {
        return String.format(
                Locale.ROOT,
                "<testsuite name=\"guest\" time=\"%.3f\" tests=\"%d\" errors=\"0\" skipped=\"%d\" failures=\"%d\">%n</testsuite>%n",
                (System.nanoTime() - start) / 1e9,
                tests,
                skipped,
                failures.size());
    }
}
