/**
 * Services in IPVS: virtual servers, which choose an endpoint for each new connection. In: the table of services. Out: virtual and real
 * servers, routes that lead packets for virtual addresses to the node itself, where IPVS takes them, and rules of nf_tables for what IPVS
 * cannot express. It must not look at the cluster's objects.
 */
@NullMarked
package fyr.compiler.service.ipvs;

import org.jspecify.annotations.NullMarked;
