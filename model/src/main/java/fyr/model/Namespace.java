package fyr.model;

/** A namespace. */
public record Namespace(String name, Labels labels) {}
