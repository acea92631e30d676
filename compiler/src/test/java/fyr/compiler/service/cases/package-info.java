/**
 * One table of cases about Services, which every back end must satisfy. A case says who connects where in which cluster, and what may become
 * of the connection ({@link fyr.compiler.service.cases.ServiceCase}). It is asked in three ways: of the neutral table of services
 * ({@link fyr.compiler.service.cases.TableWay}), of a trace over the compiled plan ({@link fyr.compiler.service.cases.TracedWay}), and with
 * real packets ({@link fyr.compiler.service.cases.PacketWay}). A further back end is one more constant of
 * {@link fyr.compiler.service.cases.BackEnd}. The cases follow the tables of kube-proxy's tests (kubernetes/kubernetes,
 * pkg/proxy/nftables/proxier_test.go and pkg/proxy/iptables/proxier_test.go).
 */
@NullMarked
package fyr.compiler.service.cases;

import org.jspecify.annotations.NullMarked;
