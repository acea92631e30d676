/**
 * Pods' attachments on one node. In: requests of a container runtime, through the native executable {@code fyr-cni} and a Unix socket.
 * Out: links in the kernel ({@link fyr.kernel.pod.PodLinks}), files that say whose they are, and the whole set of attachments after
 * every change. Routes of the node's side are not made here: they follow from the set.
 */
@NullMarked
package fyr.cni;

import org.jspecify.annotations.NullMarked;
