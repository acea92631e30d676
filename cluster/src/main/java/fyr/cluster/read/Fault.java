package fyr.cluster.read;

/** What is wrong with a field of an object; {@code field} in Kubernetes' notation, such as {@code spec.ports[0].port}. */
public record Fault(String field, String what) {}
