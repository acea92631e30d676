/**
 * Kubernetes JSON to the records of {@code fyr.model}, token by token; what nobody needs is dropped on arrival. An object that cannot be
 * true is reported and left out, never a reason to stop.
 */
@NullMarked
package fyr.cluster.read;

import org.jspecify.annotations.NullMarked;
