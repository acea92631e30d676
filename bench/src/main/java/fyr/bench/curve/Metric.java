package fyr.bench.curve;

/** What is measured of each program at each number of Services. */
enum Metric {
    COLD("from the start of the process until all probed Services answer", "ms", 1e6),
    COLD_CPU("processor time of the process until then", "ms", 1e6),
    KERNEL_MEMORY("kernel memory taken until then", "MiB", 1 << 20),
    CHANGE("one endpoint replaced, from the watch event to the first connection to the new one", "ms", 1e6),
    CHANGE_SENT("the same from the start of the request that replaces it", "ms", 1e6),
    PROCESS_MEMORY("resident memory of the process after the changes", "MiB", 1 << 20),
    CONNECT("connect() to a Service", "us", 1e3),
    FAILURES("connections of these that failed, or were not answered within 5 s", "", 1),
    RATE("new connections per second, each answered", "1/s", 1),
    ROUND_TRIP("round trip within an established connection to a Service", "us", 1e3),
    DIRECT_ROUND_TRIP("the same within a connection to an endpoint itself", "us", 1e3),
    EXCHANGE("64 KiB sent and received within an established connection to a Service", "us", 1e3),
    DIRECT_EXCHANGE("the same within a connection to an endpoint itself", "us", 1e3);

    private final String title;
    private final String unit;
    private final double scale;

    Metric(String title, String unit, double scale) {
        this.title = title;
        this.unit = unit;
        this.scale = scale;
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    /** How many of what the samples count make one unit. */
    double scale() {
        return scale;
    }
}
