/**
 * Measures Fyr on the machine it runs on: prints raw figures, the machine, and the ratio to a baseline measured in the same run. In: sizes.
 * Out: {@link fyr.bench.Report}. Nothing here is part of what a node runs.
 */
@NullMarked
package fyr.bench;

import org.jspecify.annotations.NullMarked;
