package fyr.kernel.linux.namespace;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A platform thread for one action that may change the thread's network namespace. The thread returns to its original namespace before it
 * passes on the result: the waiting thread may be virtual, and waking it may start a carrier thread, which would inherit the namespace of
 * this one.
 */
final class FreshThread {

    private FreshThread() {}

    static <T> T callChecked(String name, Callable<T> action) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            try (NetworkNamespace home = NetworkNamespace.current()) {
                try {
                    return action.call();
                } finally {
                    home.enter();
                }
            }
        });
        start(Thread.ofPlatform().name(name), task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failure) {
            throw cause(failure);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * The JDK throws an OutOfMemoryError when the kernel creates no thread (pthread_create(3), EAGAIN: a limit of threads or processes is
     * reached). That is temporary, and the heap is fine: it is a refusal like any other.
     */
    static void start(Thread.Builder.OfPlatform builder, Runnable task) {
        Thread thread = builder.unstarted(task);
        try {
            thread.start();
        } catch (OutOfMemoryError refused) {
            throw KernelException.unasked(
                    "thread " + thread.getName(), Errno.EAGAIN, String.valueOf(refused.getMessage()));
        }
    }

    static <T> T call(String name, Callable<T> action) {
        try {
            return callChecked(name, action);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException(name, failure);
        }
    }

    private static Exception cause(ExecutionException failure) {
        return switch (failure.getCause()) {
            case Error error -> throw error;
            case Exception exception -> exception;
            case null, default -> failure;
        };
    }
}
