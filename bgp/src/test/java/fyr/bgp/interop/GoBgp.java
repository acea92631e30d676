package fyr.bgp.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** GoBGP, built from its module. It knows no roles (RFC 9234). */
final class GoBgp extends Router {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** In {@code enum PeerState} of its API. */
    private static final int ESTABLISHED = 6;

    private final Path client = peer("gobgp");
    private Plan plan = Plan.of(1);
    private boolean startedBefore;

    GoBgp(Lan.Host host) {
        super(host);
    }

    @Override
    void start(Plan now) {
        plan = now;
        write("gobgpd.toml", configuration());
        List<String> program = new ArrayList<>(List.of(
                peer("gobgpd").toString(),
                "-f",
                folder + "/gobgpd.toml",
                "--api-hosts",
                "127.0.0.1:50051",
                "-l",
                "debug"));
        if (startedBefore && plan.restartTime() > 0) {
            program.add("-r");
        }
        startedBefore = true;
        launch("gobgpd", Map.of(), program);
        try {
            Eventually.eventually(() -> attempt("neighbor").code(), code -> code == 0);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        } catch (AssertionError dead) {
            throw new AssertionError(log(), dead);
        }
        plan.routes().forEach(route -> change("add", route));
    }

    private Shell.Result attempt(String command) {
        List<String> all = new ArrayList<>(List.of(client.toString()));
        all.addAll(Arrays.asList(command.split(" ")));
        return Shell.attempt(host.command(all));
    }

    /** What gobgp prints. */
    String ask(String command) {
        Shell.Result result = attempt(command);
        if (result.code() != 0) {
            throw new AssertionError(command + ": " + result.output());
        }
        return result.output();
    }

    private JsonNode json(String command) {
        return JSON.readTree(ask(command + " -j"));
    }

    /** A next hop that is not told is the address of the session. */
    private void change(String verb, Plan.Announced route) {
        boolean overIpv6 = plan.sessions().stream().allMatch(Plan.Session::isIpv6);
        StringBuilder command = new StringBuilder(
                "global rib %s -a %s %s".formatted(verb, route.isIpv6() ? "ipv6" : "ipv4", route.prefix()));
        if (route.isIpv6() && !overIpv6) {
            command.append(" nexthop ").append(host.v6());
        }
        option(command, "community", route.communities());
        option(command, "large-community", route.large());
        option(command, "rt", route.targets());
        ask(command.toString());
    }

    private static void option(StringBuilder command, String name, List<String> values) {
        if (!values.isEmpty()) {
            command.append(' ').append(name).append(' ').append(String.join(",", values));
        }
    }

    @Override
    List<Heard> heard(String prefix) {
        JsonNode paths = json("global rib -a " + (prefix.contains(":") ? "ipv6 " : "ipv4 ") + prefix)
                .path(prefix);
        return StreamSupport.stream(paths.spliterator(), false)
                .filter(path -> !path.path("peer-address").asString("").isEmpty())
                .map(path -> parse(path.path("attrs")))
                .toList();
    }

    private static Heard parse(JsonNode attributes) {
        List<String> asPath = new ArrayList<>();
        Set<String> hops = new TreeSet<>();
        Set<String> communities = new TreeSet<>();
        Set<String> large = new TreeSet<>();
        Set<String> targets = new TreeSet<>();
        List<String> clusters = new ArrayList<>();
        String originator = "";
        for (JsonNode each : attributes) {
            switch (each.path("type").asInt()) {
                case 2 ->
                    each.path("as_paths")
                            .forEach(segment -> segment.path("asns").forEach(as -> asPath.add(as.asString())));
                case 3, 14 -> hops.add(each.path("nexthop").asString());
                case 8 -> each.path("communities").forEach(one -> communities.add(community(one.asLong())));
                case 9 -> originator = each.path("value").asString();
                case 10 -> each.path("value").forEach(one -> clusters.add(one.asString()));
                case 16 ->
                    each.path("value")
                            .forEach(one -> targets.add(one.path("value").asString()));
                case 32 -> each.path("value").forEach(one -> large.add(large(one)));
                default -> {}
            }
        }
        return new Heard(
                String.join(" ", asPath),
                hops,
                communities,
                large,
                targets,
                originator,
                String.join(" ", clusters),
                "");
    }

    private static String community(long value) {
        return (value >> 16) + ":" + (value & 0xffff);
    }

    private static String large(JsonNode value) {
        return value.path("ASN").asLong() + ":" + value.path("LocalData1").asLong() + ":"
                + value.path("LocalData2").asLong();
    }

    @Override
    String session(Object address) {
        return json("neighbor " + address).toString();
    }

    @Override
    boolean isUp(Object address) {
        return json("neighbor " + address).path("state").path("session_state").asInt() == ESTABLISHED;
    }

    @Override
    long updatesFrom(Object address) {
        return json("neighbor " + address)
                .path("state")
                .path("messages")
                .path("received")
                .path("update")
                .asLong();
    }

    @Override
    void shutDown(Object address, String communication) {
        Shell.run(host.command(
                List.of(client.toString(), "neighbor", address.toString(), "shutdown", "--reason", communication)));
    }

    @Override
    void askAgain(Object address) {
        ask("neighbor " + address + " softresetin");
    }

    @Override
    void tellAgain(Object address) {
        ask("neighbor " + address + " softresetout");
    }

    /** Other routes; nothing else may differ. */
    @Override
    void follow(Plan now) {
        plan.routes().stream().filter(route -> !now.routes().contains(route)).forEach(route -> change("del", route));
        now.routes().stream().filter(route -> !plan.routes().contains(route)).forEach(route -> change("add", route));
        plan = now;
    }

    private String configuration() {
        StringBuilder text = new StringBuilder("""
                [global.config]
                as = %d
                router-id = "%s"
                """.formatted(plan.as(), host.v4()));
        plan.sessions().forEach(session -> text.append(neighbor(session)));
        return text.toString();
    }

    private String neighbor(Plan.Session session) {
        StringBuilder text = new StringBuilder("""
                [[neighbors]]
                [neighbors.config]
                neighbor-address = "%s"
                peer-as = %d
                [neighbors.timers.config]
                connect-retry = 1
                idle-hold-time-after-reset = 1
                hold-time = %d
                keepalive-interval = %d
                [neighbors.transport.config]
                passive-mode = %s
                [neighbors.route-reflector.config]
                route-reflector-client = %s
                route-reflector-cluster-id = "%s"
                """.formatted(
                        session.address(),
                        session.as(),
                        session.holdTime(),
                        session.holdTime() / 3,
                        session.passive(),
                        session.client(),
                        host.v4()));
        if (plan.restartTime() > 0) {
            text.append("""
                    [neighbors.graceful-restart.config]
                    enabled = true
                    restart-time = %d
                    """.formatted(plan.restartTime()));
        }
        return text.append(family("ipv4-unicast", session))
                .append(family("ipv6-unicast", session))
                .toString();
    }

    private String family(String name, Plan.Session session) {
        StringBuilder text = new StringBuilder("""
                [[neighbors.afi-safis]]
                [neighbors.afi-safis.config]
                afi-safi-name = "%s"
                [neighbors.afi-safis.mp-graceful-restart.config]
                enabled = %s
                """.formatted(name, plan.restartTime() > 0));
        if (session.addPath()) {
            text.append("""
                    [neighbors.afi-safis.add-paths.config]
                    receive = true
                    send-max = 8
                    """);
        }
        if (session.limit() > 0) {
            text.append("""
                    [neighbors.afi-safis.prefix-limit.config]
                    max-prefixes = %d
                    """.formatted(session.limit()));
        }
        return text.toString();
    }
}
