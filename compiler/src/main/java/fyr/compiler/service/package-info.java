/**
 * Services: what they mean on one node, apart from what carries it out. In: services, their endpoint slices and the node's own place. Out: a
 * table of frontends and what happens to connections there, computed service by service ({@link fyr.compiler.service.ServiceTable}), and
 * which tracked flows go where no service leads any more. It must know nothing of packet rules: each back end is a package of its own that
 * renders the table ({@code fyr.compiler.service.nft}).
 */
@NullMarked
package fyr.compiler.service;

import org.jspecify.annotations.NullMarked;
