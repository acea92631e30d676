/**
 * A whole lab. From outside: {@link fyr.lab.cluster.Lab} starts, finds and ends labs, {@link fyr.lab.cluster.Objects} applies manifests.
 * Inside its namespaces: {@link fyr.lab.cluster.LabDaemon} puts world, API server, kubelets and agents together.
 */
@NullMarked
package fyr.lab.cluster;

import org.jspecify.annotations.NullMarked;
