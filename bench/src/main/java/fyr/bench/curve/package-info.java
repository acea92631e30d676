/**
 * Measures programs that carry Services out side by side: Fyr's back ends and the real kube-proxy, with a real Kubernetes API server, at
 * growing numbers of Services. In: the programs, sizes. Out: {@link fyr.bench.curve.Curves}, as a table, as JSON and as a diagram. What a
 * program claims about itself is not asked: connections show when it has done its work.
 */
@NullMarked
package fyr.bench.curve;

import org.jspecify.annotations.NullMarked;
