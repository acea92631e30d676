/** What all benchmarks measure with: samples, figures, the report, and the namespaces that a measurement runs in. */
@NullMarked
package fyr.bench.figures;

import org.jspecify.annotations.NullMarked;
