package fyr.compiler.service;

import java.time.Duration;
import java.util.Optional;

/**
 * One frontend of a service and everything that a back end has to know about it. A back end takes a row apart with a record pattern, so
 * that it does not compile any more when a row says something new.
 *
 * @param fromHere what happens to connections that begin on this node, those of its pods and its own
 * @param fromElsewhere what happens to all others
 * @param affinity how long a client keeps its endpoint after its last connection; empty if every connection may go to another one
 */
public record ServiceRow(
        Frontend frontend, Delivery fromHere, Delivery fromElsewhere, Optional<Duration> affinity, Sources sources) {}
