package fyr.cni;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Who may work when. The specification lets a runtime work on many containers at once, but on each one thing at a time, and GC alone.
 * Runtimes time out and try again while the first attempt still runs, so this is enforced here: who works on a container has it for itself
 * and, for the steps that change the state or the kernel, shares the lock below; GC, healing and a change of address blocks take that lock
 * for themselves, because they compare all of the state with all of the kernel. Nobody waits for somebody else while holding it.
 */
final class ContainerLocks {

    private final ReadWriteLock everything = new ReentrantReadWriteLock(true);
    private final Map<String, Deque<Object>> waiting = new HashMap<>();

    /** Runs work on one container; its steps are to be taken by {@link #step}. */
    <T> T one(String containerId, Supplier<T> work) {
        enter(containerId);
        try {
            return work.get();
        } finally {
            leave(containerId);
        }
    }

    /** Runs a step of the work on one container, during which nobody works on all. */
    <T> T step(Supplier<T> step) {
        everything.readLock().lock();
        try {
            return step.get();
        } finally {
            everything.readLock().unlock();
        }
    }

    /** Runs work on all containers. */
    void all(Runnable work) {
        everything.writeLock().lock();
        try {
            work.run();
        } finally {
            everything.writeLock().unlock();
        }
    }

    /** In the order of arrival: a DEL must not overtake the ADD of a runtime that lost its patience, which would attach a dead pod. */
    private synchronized void enter(String containerId) {
        Object ticket = new Object();
        Deque<Object> queue = waiting.computeIfAbsent(containerId, _ -> new ArrayDeque<>());
        queue.add(ticket);
        boolean interrupted = false;
        while (queue.peek() != ticket) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void leave(String containerId) {
        waiting.computeIfPresent(containerId, (_, queue) -> {
            queue.remove();
            return queue;
        });
        waiting.values().removeIf(Deque::isEmpty);
        notifyAll();
    }
}
