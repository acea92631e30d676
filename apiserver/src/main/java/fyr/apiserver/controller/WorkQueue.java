package fyr.apiserver.controller;

import java.util.LinkedHashSet;
import java.util.SequencedSet;

/** Work to do, each piece at most once, in order of arrival. Safe on any thread. */
final class WorkQueue {
    private final SequencedSet<Work> waiting = new LinkedHashSet<>();

    synchronized void add(Work work) {
        if (waiting.add(work)) {
            notifyAll();
        }
    }

    /** The next piece; waits for one. */
    synchronized Work take() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        return waiting.removeFirst();
    }
}
