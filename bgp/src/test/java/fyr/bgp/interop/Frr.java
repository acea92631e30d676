package fyr.bgp.interop;

import fyr.bgp.message.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** FRR of Debian: zebra, which knows the links, and bgpd. */
final class Frr extends Router {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path unpacked = peer("frr");
    private Plan plan = Plan.of(1);

    Frr(Lan.Host host) {
        super(host);
        write("group", "root:x:0:\nfrr:x:0:\nfrrvty:x:0:\n");
        write("passwd", "root:x:0:0::/:/bin/sh\nfrr:x:0:0::/:/bin/sh\n");
        write("vtysh.conf", "username root nopassword\n");
        Shell.run("mkdir " + folder + "/run");
    }

    @Override
    void start(Plan now) {
        plan = now;
        write("zebra.conf", "log stdout\n");
        write("bgpd.conf", String.join("\n", configuration()) + "\n");
        Shell.run("rm -f " + folder + "/run/*");
        daemon("zebra");
        daemon("bgpd");
        try {
            Eventually.eventually(
                    () -> attempt(List.of("show bgp summary json")).code(), code -> code == 0);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        } catch (AssertionError dead) {
            throw new AssertionError(log(), dead);
        }
    }

    /** The users and folders that FRR was built for exist in the daemon's mount namespace only. */
    private void daemon(String name) {
        String script = """
                mkdir -p /run/frr && mount --bind %1$s/run /run/frr &&
                mount --bind %1$s/group /etc/group && mount --bind %1$s/passwd /etc/passwd &&
                exec %2$s/usr/lib/frr/%3$s -u root -g root -A 127.0.0.1 -f %1$s/%3$s.conf -i %1$s/run/%3$s.pid --log stdout
                """.formatted(folder, unpacked, name);
        launch(name, libraries(unpacked), List.of("sh", "-c", script));
    }

    private Shell.Result attempt(List<String> commands) {
        List<String> all = new ArrayList<>(List.of("env"));
        libraries(unpacked).forEach((name, value) -> all.add(name + "=" + value));
        all.addAll(List.of(
                unpacked + "/usr/bin/vtysh",
                "--config_dir",
                folder + "/",
                "--vty_socket",
                folder + "/run",
                "-d",
                "bgpd"));
        commands.forEach(command -> all.addAll(List.of("-c", command)));
        return Shell.attempt(all);
    }

    /** What vtysh prints. */
    String ask(String... commands) {
        Shell.Result result = attempt(List.of(commands));
        if (result.code() != 0) {
            throw new AssertionError(String.join("; ", commands) + ": " + result.output());
        }
        return result.output();
    }

    private JsonNode json(String command) {
        String text = ask(command + " json");
        int begin = text.indexOf('{');
        return JSON.readTree(begin < 0 ? "{}" : text.substring(begin)); // what does not exist is no JSON
    }

    private static String family(String prefix) {
        return prefix.contains(":") ? "ipv6" : "ipv4";
    }

    @Override
    List<Heard> heard(String prefix) {
        JsonNode paths =
                json("show bgp " + family(prefix) + " unicast " + prefix).path("paths");
        return StreamSupport.stream(paths.spliterator(), false)
                .filter(path -> !path.path("sourced").asBoolean(false))
                .map(Frr::parse)
                .toList();
    }

    private static Heard parse(JsonNode path) {
        Set<String> hops = new TreeSet<>();
        path.path("nexthops").forEach(hop -> hops.add(hop.path("ip").asString()));
        List<String> clusters = new ArrayList<>();
        path.path("clusterList").path("list").forEach(cluster -> clusters.add(cluster.asString()));
        String asPath = path.path("aspath").path("string").asString("");
        return new Heard(
                asPath.equals("Local") ? "" : asPath,
                hops,
                words(path.path("community").path("string").asString("")),
                words(path.path("largeCommunity").path("string").asString("")),
                words(path.path("extendedCommunity").path("string").asString("").replace("RT:", "")),
                path.path("originatorId").asString(""),
                String.join(" ", clusters),
                path.path("otc").asString(""));
    }

    private static Set<String> words(String text) {
        return text.isEmpty() ? Set.of() : new TreeSet<>(List.of(text.split(" ")));
    }

    private JsonNode neighbor(Object address) {
        return json("show bgp neighbors " + address).path(address.toString());
    }

    @Override
    String session(Object address) {
        return neighbor(address).toString();
    }

    @Override
    boolean isUp(Object address) {
        return neighbor(address).path("bgpState").asString("").equals("Established");
    }

    @Override
    long updatesFrom(Object address) {
        return neighbor(address).path("messageStats").path("updatesRecv").asLong();
    }

    @Override
    void shutDown(Object address, String communication) {
        ask(
                "configure terminal",
                "router bgp " + plan.as(),
                "neighbor " + address + " shutdown message " + communication);
    }

    @Override
    void askAgain(Object address) {
        ask("clear bgp " + address + " soft in");
    }

    @Override
    void tellAgain(Object address) {
        ask("clear bgp " + address + " soft out");
    }

    /** Other routes; nothing else may differ. */
    @Override
    void follow(Plan now) {
        List<String> commands = new ArrayList<>(List.of("configure terminal", "router bgp " + plan.as()));
        for (String family : List.of("ipv4", "ipv6")) {
            commands.add("address-family " + family + " unicast");
            plan.routes().stream()
                    .filter(route -> family(route.prefix()).equals(family)
                            && !now.routes().contains(route))
                    .forEach(route -> commands.add("no network " + route.prefix()));
            now.routes().stream()
                    .filter(route -> family(route.prefix()).equals(family)
                            && !plan.routes().contains(route))
                    .forEach(route -> commands.add("network " + route.prefix()));
            commands.add("exit-address-family");
        }
        ask(commands.toArray(String[]::new));
        plan = now;
    }

    private List<String> configuration() {
        List<String> lines = new ArrayList<>(List.of("log stdout", "debug bgp neighbor-events"));
        plan.routes().forEach(route -> lines.addAll(map(route)));
        lines.addAll(List.of(
                "router bgp " + plan.as(),
                "bgp router-id " + host.v4(),
                "no bgp ebgp-requires-policy",
                "no bgp default ipv4-unicast",
                "no bgp network import-check"));
        if (plan.restartTime() > 0) {
            lines.addAll(List.of(
                    "bgp graceful-restart",
                    "bgp graceful-restart restart-time " + plan.restartTime(),
                    "bgp graceful-restart preserve-fw-state"));
        }
        plan.sessions().forEach(session -> lines.addAll(neighbor(session)));
        for (String family : List.of("ipv4", "ipv6")) {
            lines.add("address-family " + family + " unicast");
            plan.routes().stream()
                    .filter(route -> family(route.prefix()).equals(family))
                    .forEach(route -> lines.add("network " + route.prefix() + " route-map " + name(route)));
            plan.sessions().forEach(session -> lines.addAll(activation(session)));
            lines.add("exit-address-family");
        }
        return lines;
    }

    private static String name(Plan.Announced route) {
        return "of-" + route.prefix().replaceAll("[^0-9a-f]", "-");
    }

    private static List<String> map(Plan.Announced route) {
        List<String> lines = new ArrayList<>(List.of("route-map " + name(route) + " permit 10"));
        if (!route.communities().isEmpty()) {
            lines.add("set community " + String.join(" ", route.communities()));
        }
        if (!route.large().isEmpty()) {
            lines.add("set large-community " + String.join(" ", route.large()));
        }
        if (!route.targets().isEmpty()) {
            lines.add("set extcommunity rt " + String.join(" ", route.targets()));
        }
        lines.add("exit");
        return lines;
    }

    private static String address(Plan.Session session) {
        return session.address().replaceAll("%.*", "");
    }

    private static List<String> neighbor(Plan.Session session) {
        String neighbor = "neighbor " + address(session) + " ";
        List<String> lines = new ArrayList<>(List.of(
                neighbor + "remote-as " + session.as(),
                neighbor + "timers " + session.holdTime() / 3 + " " + session.holdTime(),
                neighbor + "timers connect 1",
                neighbor + "advertisement-interval 0"));
        if (session.address().contains("%")) {
            lines.add(neighbor + "interface eth0");
        }
        if (session.extendedNextHop()) {
            lines.add(neighbor + "capability extended-nexthop");
        }
        if (session.passive()) {
            lines.add(neighbor + "passive");
        }
        session.role().ifPresent(role -> lines.add(neighbor + "local-role " + word(role)));
        return lines;
    }

    private static String word(Role role) {
        return role.name()
                .toLowerCase(Locale.ROOT)
                .replace("route_server", "rs-server")
                .replace("rs-server_client", "rs-client");
    }

    private static List<String> activation(Plan.Session session) {
        String neighbor = "neighbor " + address(session) + " ";
        List<String> lines = new ArrayList<>(List.of(neighbor + "activate"));
        if (session.addPath()) {
            lines.add(neighbor + "addpath-tx-all-paths");
        }
        if (session.client()) {
            lines.add(neighbor + "route-reflector-client");
        }
        if (session.limit() > 0) {
            lines.add(neighbor + "maximum-prefix " + session.limit());
        }
        return lines;
    }
}
