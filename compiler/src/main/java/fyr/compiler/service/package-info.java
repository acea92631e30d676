/**
 * Services: what nf_tables must hold so that a virtual address leads to endpoints. In: services and their endpoint slices. Out: sets, maps,
 * chains and elements, a setting of connection tracking, and which tracked flows go where no service leads any more.
 */
@NullMarked
package fyr.compiler.service;

import org.jspecify.annotations.NullMarked;
