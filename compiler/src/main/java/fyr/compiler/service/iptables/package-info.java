/**
 * Services in iptables: the chains of kube-proxy's mode of this name (pkg/proxy/iptables/proxier.go of Kubernetes 1.37). In: the table of
 * services, and the names of services' ports. Out: chains, one rule of nf_tables for what they cannot do at a cost that does not grow, and
 * a setting of connection tracking. Names, remarks and order of the rules are kube-proxy's, so that people and programs find what they
 * know.
 */
@NullMarked
package fyr.compiler.service.iptables;

import org.jspecify.annotations.NullMarked;
