/**
 * What people are told through the API server. In: observations. Out: Events beside the objects that they are about. It must not hold
 * anybody up, whatever the server does.
 */
@NullMarked
package fyr.cluster.event;

import org.jspecify.annotations.NullMarked;
