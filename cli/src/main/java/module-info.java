/** The fyr command. */
module fyr.cli {
    requires fyr.agent;
    requires fyr.bench;
    requires fyr.cluster;
    requires fyr.compiler;
    requires fyr.kernel;
    requires fyr.kernel.linux;
    requires fyr.lab;
    requires fyr.model;
    requires info.picocli;
    requires java.net.http;
    requires jdk.httpserver;
    requires static transitive org.jspecify;

    opens fyr.cli to
            info.picocli;
    opens fyr.cli.demo to
            info.picocli;
    opens fyr.cli.lab to
            info.picocli;
    opens fyr.cli.status to
            info.picocli;
}
