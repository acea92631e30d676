/**
 * Answers ARP requests and neighbour solicitations for addresses that the kernel does not have, from user space. In: frames of one link, and a
 * function that says which addresses are answered for. Out: answers, and announcements on request. It knows nothing about why an address is
 * answered for.
 */
@NullMarked
package fyr.kernel.linux.packet;

import org.jspecify.annotations.NullMarked;
