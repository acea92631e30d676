package fyr.apiserver.store;

/** The part of an object that a request is about. */
public enum Subresource {
    WHOLE,
    STATUS,
    SCALE
}
