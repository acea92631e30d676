/**
 * What the API server says about load balancer addresses: the pools that they come from and the Services that ask for them. In: values of a
 * reader. Out: records. Which Service gets which address is decided elsewhere.
 */
@NullMarked
package fyr.model.balancer;

import org.jspecify.annotations.NullMarked;
