package fyr.bench.curve;

import fyr.lab.cluster.PrivateWorld;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A program that carries Services out in one of its modes, or nothing at all as the baseline. */
sealed interface Contender {

    /** As it is written on the command line. */
    String name();

    /** Its command line on a node; empty for the baseline. */
    Optional<List<String>> command(Environment environment);

    /**
     * What a program needs to know.
     *
     * @param directory for its files
     */
    record Environment(Path kubeconfig, String node, Path directory) {}

    /** Parses a name such as {@code kube-proxy-nftables}. Throws {@link IllegalArgumentException} if there is no such program or mode. */
    static Contender parse(String name, Path kubeProxy) {
        return switch (name) {
            case "none" -> new None();
            case "fyr-nftables" -> new Fyr("nftables");
            case "fyr-iptables" -> new Fyr("iptables");
            case "fyr-ipvs" -> new Fyr("ipvs");
            case "kube-proxy-nftables" -> new KubeProxy("nftables", kubeProxy);
            case "kube-proxy-iptables" -> new KubeProxy("iptables", kubeProxy);
            case "kube-proxy-ipvs" -> new KubeProxy("ipvs", kubeProxy);
            default ->
                throw new IllegalArgumentException(
                        name
                                + ": must be none, fyr-nftables, fyr-iptables, fyr-ipvs, kube-proxy-nftables, kube-proxy-iptables or kube-proxy-ipvs");
        };
    }

    /** A node without Services: connections go to an endpoint itself. */
    record None() implements Contender {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public Optional<List<String>> command(Environment environment) {
            return Optional.empty();
        }
    }

    /** An agent as on a real node. */
    record Fyr(String mode) implements Contender {
        @Override
        public String name() {
            return "fyr-" + mode;
        }

        @Override
        public Optional<List<String>> command(Environment environment) {
            List<String> arguments = new ArrayList<>(List.of(
                    "--kubeconfig",
                    environment.kubeconfig().toString(),
                    "--node-name",
                    environment.node(),
                    "--service-mode",
                    mode,
                    "--health-port",
                    "9099"));
            for (String kind : List.of("cni-bin", "cni-conf", "state", "run")) {
                arguments.addAll(List.of(
                        "--" + kind + "-dir",
                        environment.directory().resolve(kind).toString()));
            }
            return Optional.of(PrivateWorld.agent(arguments));
        }
    }

    /** The size of the connection table belongs to the machine, not to a namespace: kube-proxy must not try to set it. */
    record KubeProxy(String mode, Path program) implements Contender {
        @Override
        public String name() {
            return "kube-proxy-" + mode;
        }

        @Override
        public Optional<List<String>> command(Environment environment) {
            return Optional.of(List.of(
                    program.toString(),
                    "--kubeconfig",
                    environment.kubeconfig().toString(),
                    "--hostname-override",
                    environment.node(),
                    "--proxy-mode",
                    mode,
                    "--conntrack-max-per-core",
                    "0",
                    "--conntrack-tcp-timeout-established",
                    "0s",
                    "--conntrack-tcp-timeout-close-wait",
                    "0s"));
        }
    }
}
