package fyr.compiler.policy.rules;

/** A group with the selection that it was made for. Pods with equal selections share one, and equal groups are one instance. */
public record Isolation(Selection selection, Group group) {}
