package fyr.kernel.linux.iptables;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.iptables.OurChains;
import fyr.kernel.iptables.RestoreText;
import fyr.kernel.iptables.SavedTables;
import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.iptables.XtRule;
import fyr.kernel.iptables.XtTable;
import fyr.kernel.iptables.XtText;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.netlink.Failures;
import fyr.model.address.Family;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chains in iptables and ip6tables of one namespace. One change is one process for each family. Programs are started only where there is
 * something of ours, or is to be: when a node does not use this table, its contents are read once, at the start.
 */
public final class IptablesTable implements KernelTable<XtKey, XtEntry> {

    /** Seconds to wait for the lock that all programs of iptables share; kube-proxy waits as long. */
    private static final String PATIENCE = "5";

    /** How often a glance is cast; kube-proxy looks for its canary every 30 seconds. */
    private static final Duration GLANCES = Duration.ofSeconds(10);

    /** What the programs say if another one does not let them write (iptables/xshared.c). */
    private static final String LOCKED = "holding the xtables lock";

    private static final Pattern LINE = Pattern.compile("line:? (\\d+)");
    private static final int LONGEST_REASON = 300;

    private final NetworkNamespace namespace;
    private Optional<Variant> variant = Optional.empty();

    /** How often jumps exist, as far as is known. */
    private final Map<XtKey.JumpKey, Integer> jumps = new HashMap<>();

    /** The tables in which another program has chains of the same names. */
    private final Map<Family, Set<XtTable>> taken = new EnumMap<>(Family.class);

    private final LongSupplier clock;
    private long nextGlance;
    private boolean looked;

    /** Whether there was nothing of ours and nothing was written since. */
    private boolean unused;

    /** The chains of this namespace, which must stay open. */
    public IptablesTable(NetworkNamespace namespace) {
        this(namespace, System::nanoTime);
    }

    /** @param clock in nanoseconds */
    IptablesTable(NetworkNamespace namespace, LongSupplier clock) {
        this.namespace = namespace;
        this.clock = clock;
        this.nextGlance = clock.getAsLong();
    }

    @Override
    public TableId<XtKey, XtEntry> id() {
        return Tables.IPTABLES;
    }

    @Override
    public SortedMap<XtKey, XtEntry> list() {
        return unused ? new TreeMap<>() : look();
    }

    private SortedMap<XtKey, XtEntry> look() {
        SortedMap<XtKey, XtEntry> ours = new TreeMap<>();
        jumps.clear();
        taken.clear();
        variant = variant.or(() -> Variant.ofMachine(namespace));
        variant.ifPresent(found -> found.look().tables().forEach((family, saved) -> note(family, saved, ours)));
        looked = true;
        unused = ours.isEmpty();
        return ours;
    }

    private void note(Family family, SavedTables saved, SortedMap<XtKey, XtEntry> ours) {
        ours.putAll(saved.ours());
        taken.put(family, saved.taken());
        saved.ours().forEach((key, entry) -> {
            if (key instanceof XtKey.JumpKey jump && entry instanceof XtEntry.Jump(int copies)) {
                jumps.put(jump, copies);
            }
        });
    }

    /**
     * The kernel reports no changes of the old iptables, and reading everything takes too long to do it often. Whoever flushes a table also
     * removes the rules that lead to our chains, so those in one chain of each table are read.
     */
    @Override
    public boolean seemsChanged() {
        if (unused || jumps.isEmpty() || variant.isEmpty() || clock.getAsLong() - nextGlance < 0) {
            return false;
        }
        nextGlance = clock.getAsLong() + GLANCES.toNanos();
        return variant.get().single().entrySet().stream()
                .anyMatch(program -> isOtherwise(program.getKey(), program.getValue(), XtTable.NAT, "PREROUTING")
                        || isOtherwise(program.getKey(), program.getValue(), XtTable.FILTER, "FORWARD"));
    }

    private boolean isOtherwise(Family family, Program single, XtTable table, String chain) {
        Map<XtKey, XtEntry> known = new TreeMap<>();
        jumps.forEach((jump, copies) -> {
            if (jump.family() == family && jump.table() == table && jump.chain().equals(chain)) {
                known.put(jump, new XtEntry.Jump(copies));
            }
        });
        if (known.isEmpty()) {
            return false;
        }
        Program.Result result = single.run("", "-w", PATIENCE, "-t", table.word(), "-S", chain);
        SortedMap<XtKey, XtEntry> found = new TreeMap<>(
                SavedTables.parse(family, "*" + table.word() + "\n:" + OurChains.MARKER + "\n" + result.output())
                        .ours());
        found.keySet().removeIf(XtKey.ChainKey.class::isInstance);
        return result.code() == 0 && !found.equals(known);
    }

    @Override
    public void apply(Delta<XtKey, XtEntry> delta) {
        if (delta.isEmpty()) {
            return;
        }
        if (!looked || unused) {
            look();
        }
        if (unused && delta.upserts().isEmpty()) {
            return;
        }
        Variant programs = variant.orElseThrow(IptablesTable::noProgram);
        unused = false;
        Failures failures = new Failures();
        for (Family family : Family.values()) {
            failures.attempt(() -> apply(
                    family,
                    delta,
                    Optional.ofNullable(programs.restore().get(family)).orElseThrow(IptablesTable::noProgram)));
        }
        failures.throwFirst();
    }

    private static KernelException noProgram() {
        return KernelException.unasked(
                "iptables",
                Errno.ENOENT,
                "the programs iptables-restore, iptables-save, ip6tables-restore and ip6tables-save are not in PATH; install the package iptables or use another --service-mode");
    }

    private void apply(Family family, Delta<XtKey, XtEntry> delta, Program restore) {
        if (input(family, delta).isEmpty()) {
            return;
        }
        refuseIfTaken(family, delta);
        Optional<String> refusal = write(family, delta, restore);
        if (refusal.isEmpty()) {
            return;
        }
        if (!refusal.get().contains(LOCKED)) {
            Map<XtTable, Set<XtRule>> refused = new Trials(restore, family, PATIENCE).refused(delta);
            if (!refused.isEmpty()) {
                writeOthers(family, delta, restore, refused);
            }
        }
        throw KernelException.unasked(restore.name(), Errno.EINVAL, refusal.get());
    }

    /** What is refused stays away, and is tried again with the next change; the rest is written. */
    private void writeOthers(
            Family family, Delta<XtKey, XtEntry> delta, Program restore, Map<XtTable, Set<XtRule>> refused) {
        Optional<String> again = write(family, Trials.without(refused, family, delta), restore);
        if (again.isPresent()) {
            throw KernelException.unasked(restore.name(), Errno.EINVAL, again.get());
        }
        long number = refused.values().stream().mapToLong(Set::size).sum();
        XtTable table = refused.keySet().iterator().next();
        String first = XtText.of(
                Optional.ofNullable(refused.get(table)).orElseThrow().iterator().next());
        throw KernelException.unasked(
                restore.name(),
                Errno.EINVAL,
                "everything else is written, but of the table " + table.word() + " the kernel does not take: " + first
                        + (number == 1 ? "" : "; and " + (number - 1) + " more"));
    }

    private String input(Family family, Delta<XtKey, XtEntry> delta) {
        return RestoreText.of(family, delta, jump -> jumps.getOrDefault(jump, 0));
    }

    /** Makes a change, or says why it is refused. */
    private Optional<String> write(Family family, Delta<XtKey, XtEntry> delta, Program restore) {
        String input = input(family, delta);
        Program.Result result = restore.run(input, "--noflush", "-w", PATIENCE);
        if (result.code() != 0) {
            return Optional.of(reason(result, input));
        }
        delta.deletes().forEach(key -> {
            if (key instanceof XtKey.JumpKey jump && key.family() == family) {
                jumps.remove(jump);
            }
        });
        delta.upserts().keySet().forEach(key -> {
            if (key instanceof XtKey.JumpKey jump && key.family() == family) {
                jumps.put(jump, 1);
            }
        });
        return Optional.empty();
    }

    /** Two programs that write the same chains would replace each other's rules for ever. */
    private void refuseIfTaken(Family family, Delta<XtKey, XtEntry> delta) {
        for (XtTable table : taken.getOrDefault(family, Set.of())) {
            if (delta.upserts().keySet().stream().anyMatch(key -> key.family() == family && key.table() == table)) {
                throw KernelException.unasked(
                        "iptables " + table.word(),
                        Errno.EEXIST,
                        "the chain KUBE-SERVICES is there and is not Fyr's; stop kube-proxy and remove its chains with kube-proxy --cleanup");
            }
        }
    }

    /** The program's first words, and the line of the input that it names. */
    private static String reason(Program.Result result, String input) {
        String words = result.errors()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("Try `"))
                .reduce((one, other) -> one + "; " + other)
                .orElse("exit code " + result.code());
        String shown = words.substring(0, Math.min(words.length(), LONGEST_REASON));
        List<String> lines = input.lines().toList();
        Matcher matcher = LINE.matcher(words);
        if (matcher.find() && matcher.group(1).length() < 9) {
            int number = Integer.parseInt(matcher.group(1));
            if (number >= 1 && number <= lines.size()) {
                return shown + ": " + lines.get(number - 1);
            }
        }
        return shown;
    }
}
