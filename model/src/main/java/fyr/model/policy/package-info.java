/** NetworkPolicy as facts, in the shape of networking.k8s.io/v1 with its defaults already applied; its meaning is in module {@code fyr.policy}. */
@NullMarked
package fyr.model.policy;

import org.jspecify.annotations.NullMarked;
