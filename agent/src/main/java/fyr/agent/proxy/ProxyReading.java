package fyr.agent.proxy;

import java.util.List;

/**
 * A configuration that was read.
 *
 * @param source its name in messages: a file, or a ConfigMap
 * @param remarks what the agent does with each field that it sets, in the order of the fields; at most {@link #MOST_REMARKS}
 * @param leftOut how many remarks are not among these
 */
public record ProxyReading(ProxyConfiguration configuration, String source, List<Remark> remarks, int leftOut) {

    /** Known fields are fewer. */
    public static final int MOST_REMARKS = 100;

    public ProxyReading {
        remarks = List.copyOf(remarks);
    }
}
