package fyr.kernel.linux.iptables;

import fyr.kernel.iptables.SavedTables;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.model.address.Family;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One of the two implementations of iptables. They do not see each other's rules, and both may be installed.
 *
 * @param save prints everything
 * @param restore makes a change
 * @param single prints single chains
 */
record Variant(Map<Family, Program> save, Map<Family, Program> restore, Map<Family, Program> single) {

    private static final List<Path> USUAL = List.of(
            Path.of("/usr/local/sbin"), Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));

    /** What both programs of a variant print. */
    record Seen(Map<Family, SavedTables> tables) {

        boolean hasOurs() {
            return tables.values().stream().anyMatch(saved -> !saved.ours().isEmpty());
        }

        boolean isHinted() {
            return tables.values().stream().anyMatch(SavedTables::hinted);
        }

        int rules() {
            return tables.values().stream().mapToInt(SavedTables::rules).sum();
        }
    }

    /**
     * The variant that this machine uses, in the order of kubernetes-sigs/iptables-wrappers, which kube-proxy's image has: the one in which
     * the kubelet left a hint, otherwise the one with more rules, otherwise nf_tables. One that already has chains of ours comes before
     * all, so that a restart does not change it.
     */
    static Optional<Variant> ofMachine(NetworkNamespace namespace) {
        Optional<Variant> nft = find(namespace, "-nft");
        Optional<Variant> legacy = find(namespace, "-legacy");
        if (nft.isEmpty() || legacy.isEmpty()) {
            return nft.or(() -> legacy).or(() -> find(namespace, ""));
        }
        Seen inNft = nft.get().look();
        Seen inLegacy = legacy.get().look();
        return isLegacy(inNft, inLegacy) ? legacy : nft;
    }

    static boolean isLegacy(Seen nft, Seen legacy) {
        if (nft.hasOurs() != legacy.hasOurs()) {
            return legacy.hasOurs();
        }
        if (nft.isHinted() || legacy.isHinted()) {
            return !nft.isHinted();
        }
        return legacy.rules() > nft.rules();
    }

    private static Optional<Variant> find(NetworkNamespace namespace, String suffix) {
        Map<Family, Program> save = new EnumMap<>(Family.class);
        Map<Family, Program> restore = new EnumMap<>(Family.class);
        Map<Family, Program> single = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            String name = (family == Family.IPV4 ? "iptables" : "ip6tables") + suffix;
            program(namespace, name).ifPresent(found -> single.put(family, found));
            program(namespace, name + "-save").ifPresent(found -> save.put(family, found));
            program(namespace, name + "-restore").ifPresent(found -> restore.put(family, found));
        }
        int families = Family.values().length;
        boolean complete = save.size() == families && restore.size() == families && single.size() == families;
        return complete ? Optional.of(new Variant(save, restore, single)) : Optional.empty();
    }

    private static Optional<Program> program(NetworkNamespace namespace, String name) {
        return folders().stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(file -> new Program(namespace, file));
    }

    private static List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        for (String folder :
                Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator)) {
            if (folder.startsWith("/")) {
                folders.add(Path.of(folder));
            }
        }
        folders.addAll(USUAL);
        return folders;
    }

    /** Everything that there is. A family that the program cannot read has nothing. */
    Seen look() {
        Map<Family, SavedTables> tables = new EnumMap<>(Family.class);
        save.forEach((family, program) -> {
            Program.Result result = program.run("");
            tables.put(family, SavedTables.parse(family, result.code() == 0 ? result.output() : ""));
        });
        return new Seen(tables);
    }
}
