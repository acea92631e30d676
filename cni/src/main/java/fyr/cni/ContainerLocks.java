package fyr.cni;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Who may work when. The specification lets a runtime work on many containers at once, but on each one thing at a time, and GC alone.
 * Runtimes time out and try again while the first attempt still runs, so this is enforced here: work on a container shares the
 * lock below and waits for others of the same container; GC, healing and a change of address blocks take the lock for themselves, because
 * they compare all of the state with all of the kernel.
 */
final class ContainerLocks {

    private final ReadWriteLock everything = new ReentrantReadWriteLock(true);
    private final Set<String> busy = new HashSet<>();

    /** Runs work on one container. */
    <T> T one(String containerId, Supplier<T> work) {
        everything.readLock().lock();
        try {
            enter(containerId);
            try {
                return work.get();
            } finally {
                leave(containerId);
            }
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

    private synchronized void enter(String containerId) {
        boolean interrupted = false;
        while (!busy.add(containerId)) {
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
        busy.remove(containerId);
        notifyAll();
    }
}
