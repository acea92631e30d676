package fyr.cluster.protobuf;

import java.util.List;
import java.util.stream.Stream;

/**
 * The annotations of a Service that ask for load balancer addresses. Users know them from MetalLB (whose older ones are in another domain),
 * kube-vip and Cilium; the first of a list that is present counts.
 */
public final class BalancerAnnotations {

    /** The addresses that a Service wants, separated by commas. */
    public static final List<String> ADDRESSES = List.of(
            "fyr.dev/load-balancer-ips",
            "metallb.io/loadBalancerIPs",
            "metallb.universe.tf/loadBalancerIPs",
            "kube-vip.io/loadbalancerIPs",
            "lbipam.cilium.io/ips");

    /** The pool that the addresses shall come from. */
    public static final List<String> POOL =
            List.of("fyr.dev/address-pool", "metallb.io/address-pool", "metallb.universe.tf/address-pool");

    /** Services with the same value may share an address. */
    public static final List<String> SHARING = List.of(
            "fyr.dev/allow-shared-ip",
            "metallb.io/allow-shared-ip",
            "metallb.universe.tf/allow-shared-ip",
            "lbipam.cilium.io/sharing-key");

    private BalancerAnnotations() {}

    static String[] all() {
        return Stream.of(List.of(Schemas.INITIAL_EVENTS_END), ADDRESSES, POOL, SHARING)
                .flatMap(List::stream)
                .toArray(String[]::new);
    }
}
