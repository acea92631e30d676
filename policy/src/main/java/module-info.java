/** What policies mean, as pure functions. */
module fyr.policy {
    requires transitive fyr.model;
    requires static transitive org.jspecify;

    exports fyr.policy;
}
