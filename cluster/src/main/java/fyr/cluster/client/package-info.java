/** Requests to the API server as bytes and streams; what they mean is for others to read. */
@NullMarked
package fyr.cluster.client;

import org.jspecify.annotations.NullMarked;
