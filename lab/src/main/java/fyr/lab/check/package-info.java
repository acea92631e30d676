/**
 * What the policies say beside what packets do: probes from inside pods, and the verdict expected of each. In: the pods of a lab and a
 * {@link fyr.model.ClusterSnapshot}. Out: one {@link fyr.lab.check.PairResult} for each probe. It changes nothing.
 */
@NullMarked
package fyr.lab.check;

import org.jspecify.annotations.NullMarked;
