/** What reading kubeconfigs and manifests have in common: YAML that cannot exhaust the stack. */
@NullMarked
package fyr.cluster.yaml;

import org.jspecify.annotations.NullMarked;
