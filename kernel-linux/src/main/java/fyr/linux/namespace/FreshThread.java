package fyr.linux.namespace;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A platform thread for one action that may change the thread's network namespace. The thread goes home before it hands over the result:
 * whoever waits may be a virtual thread, and waking it may start a carrier thread, which would inherit the namespace of this one.
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
        Thread.ofPlatform().name(name).start(task);
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
