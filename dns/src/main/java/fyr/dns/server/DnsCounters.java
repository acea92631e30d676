package fyr.dns.server;

import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import java.net.InetAddress;

/** Called for every query, on the answering threads: must be quick and safe on any thread. */
public interface DnsCounters {

    /** Where an answer came from. */
    enum Source {
        /** The cluster's own table, or that is not known yet (SERVFAIL). */
        CLUSTER,
        /** An upstream server, or none was available (SERVFAIL). */
        FORWARDED,
        /** A cached answer of an upstream server. */
        CACHE,
        /** The query itself: it was malformed, or asks for something that is not served. */
        QUERY
    }

    /**
     * A query was answered.
     *
     * @param type as asked, so it may be any of 65,536 ({@link RecordType#hasMnemonic}); 0 if the query was not or could not be read
     */
    void answered(RecordType type, ResponseCode code, Source source);

    /** A query was not answered: too many were being forwarded, or an error occurred. Its sender will ask again. */
    void dropped();

    /** A query was not answered because its client exceeded its share of queries for names outside the cluster. */
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
