/** What tests share. Never used in main scope. */
module fyr.testkit {
    requires transitive fyr.kernel;
    requires transitive fyr.model;
    requires static transitive org.jspecify;

    exports fyr.testkit;
}
