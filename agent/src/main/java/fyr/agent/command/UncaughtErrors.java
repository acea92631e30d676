package fyr.agent.command;

import java.lang.System.Logger.Level;

/**
 * What no thread expected. An {@link Error} (no memory, no stack, a class that does not load) has ended one thread of many, and the rest
 * would look healthy while the node's network is nobody's: the process ends, the kernel goes on as it is, and whoever started the agent
 * starts it again. An exception has ended one piece of work, and is told.
 */
final class UncaughtErrors implements Thread.UncaughtExceptionHandler {

    private static final System.Logger LOG = System.getLogger("fyr.agent");

    private final Runnable end;

    UncaughtErrors(Runnable end) {
        this.end = end;
    }

    /** For all threads of this process. Without shutdown hooks: they wait for threads that may not be there any more. */
    static void endTheProcess() {
        Thread.setDefaultUncaughtExceptionHandler(
                new UncaughtErrors(() -> Runtime.getRuntime().halt(1)));
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        try {
            LOG.log(Level.ERROR, "thread " + thread.getName() + " ended", failure);
        } finally {
            if (failure instanceof Error) {
                end.run();
            }
        }
    }
}
