/** What tests share. Never used in main scope. */
module fyr.testkit {
    requires transitive fyr.kernel;
    requires transitive fyr.model;
    requires static transitive org.jspecify;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires org.junit.platform.launcher;

    exports fyr.testkit;
    exports fyr.testkit.contract;

    opens fyr.testkit.contract; // JUnit calls the tests
}
