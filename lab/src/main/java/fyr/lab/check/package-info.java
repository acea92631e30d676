/**
 * Compares the policies with what packets do: probes from all networks of a lab, and the verdict expected of each. Input: the networks of a
 * lab and a {@link fyr.model.ClusterSnapshot}. Output: one {@link fyr.lab.check.CheckResult} for each probe. It changes nothing, except
 * that pods answer on one additional port meanwhile.
 */
@NullMarked
package fyr.lab.check;

import org.jspecify.annotations.NullMarked;
