package fyr.lab.api;

/** The part of an object that a request is about. */
enum Subresource {
    WHOLE,
    STATUS,
    SCALE
}
