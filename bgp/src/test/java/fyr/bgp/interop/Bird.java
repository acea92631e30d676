package fyr.bgp.interop;

import fyr.bgp.message.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** BIRD 2 of Debian. Each session is a protocol of its own, which is called by the address of the neighbour. */
final class Bird extends Router {

    private final Path unpacked = peer("bird");
    private boolean startedBefore;

    Bird(Lan.Host host) {
        super(host);
    }

    @Override
    void start(Plan plan) {
        write("bird.conf", configuration(plan));
        List<String> program = new ArrayList<>(
                List.of(unpacked + "/usr/sbin/bird", "-f", "-c", folder + "/bird.conf", "-s", folder + "/socket"));
        if (startedBefore && plan.restartTime() > 0) {
            program.add("-R");
        }
        startedBefore = true;
        launch("bird", libraries(unpacked), program);
        awaitSocket();
    }

    private void awaitSocket() {
        try {
            Eventually.eventually(() -> attempt("show status").code(), code -> code == 0);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        } catch (AssertionError dead) {
            throw new AssertionError(log(), dead);
        }
    }

    private Shell.Result attempt(String command) {
        List<String> all = new ArrayList<>(List.of("env"));
        libraries(unpacked).forEach((name, value) -> all.add(name + "=" + value));
        all.addAll(List.of(unpacked + "/usr/sbin/birdc", "-s", folder + "/socket", command));
        return Shell.attempt(all);
    }

    /** What birdc prints, without its first line, the version. */
    String ask(String command) {
        Shell.Result result = attempt(command);
        if (result.code() != 0) {
            throw new AssertionError(command + ": " + result.output());
        }
        return result.output().lines().skip(1).collect(Collectors.joining("\n"));
    }

    private static String name(Object address) {
        return "to_" + address.toString().replaceAll("[^0-9a-f]", "_");
    }

    @Override
    List<Heard> heard(String prefix) {
        return Arrays.stream(attempt("show route all " + prefix).output().split("\tType: "))
                .filter(path -> path.startsWith("BGP"))
                .map(Bird::parse)
                .toList();
    }

    /** Long lists are cut in what is printed. */
    @Override
    boolean hasLargeCommunities(String prefix, int count) {
        return ask("show route where net = %s && bgp_large_community.len = %d".formatted(prefix, count))
                .contains(prefix);
    }

    private static Heard parse(String path) {
        return new Heard(
                attribute(path, "as_path"),
                words(attribute(path, "next_hop")),
                tuples(attribute(path, "community")),
                tuples(attribute(path, "large_community")),
                tuples(attribute(path, "ext_community").replace("rt, ", "")),
                attribute(path, "originator_id"),
                attribute(path, "cluster_list"),
                attribute(path, "otc"));
    }

    private static String attribute(String path, String name) {
        Matcher found = Pattern.compile("BGP\\." + name + ": (.*)").matcher(path);
        return found.find() ? found.group(1).strip() : "";
    }

    private static Set<String> words(String text) {
        return new TreeSet<>(List.of(text.split(" ")));
    }

    private static Set<String> tuples(String text) {
        Matcher found = Pattern.compile("\\(([0-9, ]+)\\)").matcher(text);
        return found.results()
                .map(tuple -> tuple.group(1).replaceAll(", ?", ":"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    String session(Object address) {
        return ask("show protocols all " + name(address));
    }

    @Override
    boolean isUp(Object address) {
        return session(address).contains("Established");
    }

    @Override
    long updatesFrom(Object address) {
        Matcher counts = Pattern.compile("Import updates: +([0-9]+)").matcher(session(address));
        return counts.results()
                .mapToLong(count -> Long.parseLong(count.group(1)))
                .sum();
    }

    @Override
    void shutDown(Object address, String communication) {
        ask("disable " + name(address) + " \"" + communication + "\"");
    }

    @Override
    void askAgain(Object address) {
        ask("reload in " + name(address));
    }

    @Override
    void tellAgain(Object address) {
        ask("reload out " + name(address));
    }

    @Override
    void follow(Plan plan) {
        write("bird.conf", configuration(plan));
        ask("configure");
    }

    private String configuration(Plan plan) {
        StringBuilder text =
                new StringBuilder("""
                log stderr all;
                router id %s;
                debug protocols { states, events };
                protocol device {}
                protocol direct { ipv4; ipv6; interface "eth0"; }
                %s
                """.formatted(host.v4(), plan.restartTime() > 0 ? "graceful restart wait 10;" : ""));
        text.append(statics(plan, false)).append(statics(plan, true));
        plan.sessions().forEach(session -> text.append(protocol(plan, session)));
        return text.toString();
    }

    private static String statics(Plan plan, boolean ipv6) {
        String routes = plan.routes().stream()
                .filter(route -> route.isIpv6() == ipv6)
                .map(Bird::route)
                .collect(Collectors.joining("\n"));
        return "protocol static { %s;\n%s\n}\n".formatted(ipv6 ? "ipv6" : "ipv4", routes);
    }

    private static String route(Plan.Announced route) {
        StringBuilder attributes = new StringBuilder();
        route.communities().forEach(each -> attributes.append("bgp_community.add((%s));".formatted(pair(each))));
        route.large().forEach(each -> attributes.append("bgp_large_community.add((%s));".formatted(pair(each))));
        route.targets().forEach(each -> attributes.append("bgp_ext_community.add((rt, %s));".formatted(pair(each))));
        return "route " + route.prefix() + " blackhole" + (attributes.isEmpty() ? ";" : " {" + attributes + "};");
    }

    private static String pair(String numbers) {
        return numbers.replace(":", ", ");
    }

    private String protocol(Plan plan, Plan.Session session) {
        List<String> options = new ArrayList<>(List.of(
                "local %s as %d".formatted(own(session), plan.as()),
                "neighbor %s as %d"
                        .formatted(session.address().replace("%", " % ").replace(" % eth0", " % 'eth0'"), session.as()),
                "hold time " + session.holdTime(),
                "connect delay time 1",
                "connect retry time 1",
                "error wait time 1, 2",
                "enable extended messages yes",
                "direct"));
        if (session.client()) {
            options.add("rr client");
        }
        if (session.passive()) {
            options.add("passive yes");
        }
        if (plan.restartTime() > 0) {
            options.add("graceful restart on");
            options.add("graceful restart time " + plan.restartTime());
        }
        session.role().ifPresent(role -> options.add("local role " + word(role)));
        return "protocol bgp %s {\n%s;\n%s%s}\n"
                .formatted(
                        name(session.address()),
                        String.join(";\n", options),
                        channel("ipv4", session),
                        channel("ipv6", session));
    }

    private static String word(Role role) {
        return switch (role) {
            case PROVIDER -> "provider";
            case ROUTE_SERVER -> "rs_server";
            case ROUTE_SERVER_CLIENT -> "rs_client";
            case CUSTOMER -> "customer";
            case PEER -> "peer";
        };
    }

    private String own(Plan.Session session) {
        if (session.address().startsWith("fe80")) {
            return host.linkLocal().toString();
        }
        return (session.isIpv6() ? host.v6() : host.v4()).toString();
    }

    private static String channel(String family, Plan.Session session) {
        List<String> options = new ArrayList<>(List.of("import all", "export where source != RTS_DEVICE"));
        if (session.addPath()) {
            options.add("add paths on");
        }
        if (session.limit() > 0) {
            options.add("receive limit " + session.limit() + " action disable");
        }
        if (session.extendedNextHop() && family.equals("ipv4")) {
            options.add("extended next hop on");
        }
        return family + " { " + String.join("; ", options) + "; };\n";
    }
}
