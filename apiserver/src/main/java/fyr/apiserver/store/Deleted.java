package fyr.apiserver.store;

import tools.jackson.databind.node.ObjectNode;

/**
 * The outcome of a deletion.
 *
 * @param gone whether it is no longer there; otherwise it waits, for its kubelet, its finalizers or its contents
 */
public record Deleted(ObjectNode object, boolean gone) {}
