/**
 * Who has what several objects claim: blocks of pod addresses, virtual addresses, node ports, addresses of pods. In: a
 * {@link fyr.model.ClusterSnapshot} as it was heard, and this node's attachments. Out: the same without whatever belongs to another object
 * or cannot be true, and a complaint about each thing that was left out. All features compile from that, so none of them meets one key
 * twice, and none has to remember who else wants it. The older object has it; the order in which objects were heard does not matter.
 */
@NullMarked
package fyr.compiler.claim;

import org.jspecify.annotations.NullMarked;
