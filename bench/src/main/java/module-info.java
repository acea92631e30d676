/** The benchmarks of {@code fyr bench}. */
module fyr.bench {
    requires fyr.agent;
    requires fyr.apiserver;
    requires fyr.cluster;
    requires fyr.compiler;
    requires fyr.kernel;
    requires fyr.kernel.linux;
    requires fyr.lab;
    requires fyr.model;
    requires transitive info.picocli;
    requires static transitive org.jspecify;

    exports fyr.bench;

    opens fyr.bench to
            info.picocli;
    opens fyr.bench.curve to
            info.picocli;
    opens fyr.bench.figures to
            info.picocli;
}
