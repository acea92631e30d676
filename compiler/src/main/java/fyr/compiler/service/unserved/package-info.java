/**
 * Addresses of Services at which nothing is served, in every mode: virtual addresses that no Service has, and ports of load balancer addresses
 * that no Service has. In: the ranges of virtual addresses, and the table of Services. Out: sets and rules of nf_tables that do not depend on
 * what carries out Services. It must not know endpoints.
 */
@NullMarked
package fyr.compiler.service.unserved;

import org.jspecify.annotations.NullMarked;
