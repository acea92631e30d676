/**
 * What the policies say beside what packets do: probes from all networks of a lab, and the verdict expected of each. In: the networks of a lab and
 * a {@link fyr.model.ClusterSnapshot}. Out: one {@link fyr.lab.check.CheckResult} for each probe. It changes nothing, but that pods answer on a port
 * more while it lasts.
 */
@NullMarked
package fyr.lab.check;

import org.jspecify.annotations.NullMarked;
