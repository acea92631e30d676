package fyr.dns.server;

import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;

/** Told of every query. Called on the answering threads: must be quick and safe on any thread. */
public interface DnsCounters {

    /** Where an answer came from. */
    enum Source {
        CLUSTER,
        FORWARDED,
        CACHE
    }

    /** A query was answered. */
    void answered(RecordType type, ResponseCode code, Source source);

    /** A query went unanswered: too many were being forwarded. Its sender will ask again. */
    void dropped();

    /** Counts nothing. */
    static DnsCounters none() {
        return new DnsCounters() {
            @Override
            public void answered(RecordType type, ResponseCode code, Source source) {}

            @Override
            public void dropped() {}
        };
    }
}
