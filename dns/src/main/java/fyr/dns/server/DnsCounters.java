package fyr.dns.server;

import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import java.net.InetAddress;

/** Told of every query. Called on the answering threads: must be quick and safe on any thread. */
public interface DnsCounters {

    /** Where an answer came from. */
    enum Source {
        /** The cluster's own table, or that it is not known yet (SERVFAIL). */
        CLUSTER,
        /** An upstream server, or that none could be had (SERVFAIL). */
        FORWARDED,
        /** What an upstream server said before. */
        CACHE,
        /** The query itself: it was malformed, or asks for what is not served. */
        QUERY
    }

    /**
     * A query was answered.
     *
     * @param type as asked, so it may be any of 65,536 ({@link RecordType#hasMnemonic}); 0 if the query was not or could not be read
     */
    void answered(RecordType type, ResponseCode code, Source source);

    /** A query went unanswered: too many were being forwarded, or something went wrong with it. Its sender will ask again. */
    void dropped();

    /** A query went unanswered since its client asks more names outside the cluster than its share. */
    void limited(InetAddress client);

    /** Counts nothing. */
    static DnsCounters none() {
        return new DnsCounters() {
            @Override
            public void answered(RecordType type, ResponseCode code, Source source) {}

            @Override
            public void dropped() {}

            @Override
            public void limited(InetAddress client) {}
        };
    }
}
