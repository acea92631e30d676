package fyr.apiserver.controller;

import fyr.apiserver.store.WatchEvent;
import java.time.Duration;
import java.util.List;

/** A stream of events of one kind. One thread polls it. */
public interface ObjectWatch extends AutoCloseable {
    /** The next events, in order; none when there were none in time. */
    List<WatchEvent> poll(Duration patience) throws InterruptedException;

    @Override
    void close();
}
