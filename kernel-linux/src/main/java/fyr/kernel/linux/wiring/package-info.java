/** Virtual cables, switches and routers, for networks that stand for machines: what a laboratory is made of, and nothing an agent needs. */
@NullMarked
package fyr.kernel.linux.wiring;

import org.jspecify.annotations.NullMarked;
