/**
 * Source translation: of pods' packets that leave the cluster, of connections through node ports, of pods that reach themselves through a
 * service. Never between pods. In: nodes and this node's attachments. Out: a constant chain and its sets.
 */
@NullMarked
package fyr.compiler.masquerade;

import org.jspecify.annotations.NullMarked;
