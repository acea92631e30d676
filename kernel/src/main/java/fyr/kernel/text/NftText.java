package fyr.kernel.text;

import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** nf_tables objects as nft writes them. Comments of rules are lines of their own, before the rule. */
public final class NftText {

    private static final String INDENT = "    ";

    private final Function<NftKey, Optional<NftObject>> objects;

    /** @param objects the sets and maps that elements and rules refer to; what it does not have is written in hexadecimal */
    public NftText(Function<NftKey, Optional<NftObject>> objects) {
        this.objects = objects;
    }

    /** All objects, as {@code nft list ruleset} would show them. */
    public static String tables(SortedMap<NftKey, NftObject> objects) {
        NftText text = new NftText(key -> Optional.ofNullable(objects.get(key)));
        List<String> lines = new ArrayList<>();
        for (Family family : Family.values()) {
            text.table(family, objects, lines);
        }
        return String.join("\n", lines) + "\n";
    }

    private void table(Family family, SortedMap<NftKey, NftObject> all, List<String> lines) {
        if (!all.containsKey(new NftKey.TableKey(family))) {
            return;
        }
        Map<String, List<String>> elements = new TreeMap<>();
        all.forEach((key, object) -> {
            if (key.family() == family && key instanceof NftKey.ElementKey(var _, String set, var _)) {
                elements.computeIfAbsent(set, _ -> new ArrayList<>()).add(element(key, object));
            }
        });
        lines.add("table " + NftKey.word(family) + " " + NftKey.TABLE + " {");
        all.forEach((key, object) -> {
            if (key.family() == family && !(key instanceof NftKey.TableKey || key instanceof NftKey.ElementKey)) {
                block(key, object, elements).forEach(line -> lines.add(INDENT + line));
            }
        });
        lines.add("}");
    }

    private List<String> block(NftKey key, NftObject object, Map<String, List<String>> elements) {
        List<String> lines = new ArrayList<>();
        switch (key) {
            case NftKey.SetKey(var _, String set) -> {
                lines.add(SetText.word(object) + " " + set + " {");
                definition(object).forEach(line -> lines.add(INDENT + line));
                List<String> own = elements.getOrDefault(set, List.of());
                if (!own.isEmpty()) {
                    lines.add(INDENT + "elements = {");
                    own.forEach(line -> lines.add(INDENT + INDENT + line + ","));
                    lines.add(INDENT + "}");
                }
            }
            case NftKey.ChainKey(Family family, String chain) -> {
                lines.add("chain " + chain + " {");
                rules(family, object).forEach(line -> lines.add(INDENT + line));
            }
            case NftKey.TableKey _, NftKey.ElementKey _ -> throw new IllegalArgumentException("not a block: " + key);
        }
        lines.add("}");
        return lines;
    }

    private static List<String> definition(NftObject object) {
        return switch (object) {
            case NftObject.Set set -> SetText.definition(set);
            case NftObject.Meter meter -> SetText.definition(meter);
            case NftObject.Memory memory -> SetText.definition(memory);
            default -> List.of("# " + object);
        };
    }

    private List<String> rules(Family family, NftObject object) {
        if (!(object instanceof NftObject.Chain(Optional<NftHook> hook, List<NftRule> rules))) {
            return List.of("# " + object);
        }
        List<String> lines = new ArrayList<>();
        hook.ifPresent(where -> lines.add(hook(where)));
        for (NftRule rule : rules) {
            if (!rule.comment().isEmpty()) {
                lines.add("# " + rule.comment());
            }
            lines.add(RuleText.of(rule, family, objects));
        }
        return lines;
    }

    private static String hook(NftHook hook) {
        return "type %s hook %s priority %d; policy %s;"
                .formatted(
                        hook.type().name().toLowerCase(Locale.ROOT),
                        hook.point().name().toLowerCase(Locale.ROOT),
                        hook.priority(),
                        hook.drop() ? "drop" : "accept");
    }

    private String element(NftKey key, NftObject object) {
        if (key instanceof NftKey.ElementKey(Family family, String name, var bytes)
                && objects.apply(new NftKey.SetKey(family, name)).orElse(object) instanceof NftObject.Set set
                && object instanceof NftObject.Element element) {
            return SetText.element(set, bytes, element);
        }
        return key + " " + object;
    }

    /** One object on one line, as the rest of a command: {@code element ip fyr services { 10.96.0.1 . tcp . 80 : goto pick-3 }}. */
    public String line(NftKey key, NftObject object) {
        String place = NftKey.word(key.family()) + " " + NftKey.TABLE + " ";
        return switch (key) {
            case NftKey.TableKey _ -> key.toString();
            case NftKey.ElementKey(var _, String set, var _) ->
                "element " + place + set + " { " + element(key, object) + " }";
            case NftKey.SetKey _, NftKey.ChainKey _ -> {
                List<String> block = block(key, object, Map.of());
                String[] head = block.getFirst().split(" ", 2);
                yield head[0] + " " + place + head[1] + " "
                        + String.join("; ", block.subList(1, block.size() - 1)).replaceAll(" +", " ") + " }";
            }
        };
    }

    /** The name of an object, with the key of an element decoded. */
    public String name(NftKey key) {
        return key instanceof NftKey.ElementKey(Family family, String name, var bytes)
                        && objects.apply(new NftKey.SetKey(family, name)).orElse(new NftObject.Table())
                                instanceof NftObject.Set set
                ? "element " + NftKey.word(family) + " " + NftKey.TABLE + " " + name + " { "
                        + SetText.fields(set.key(), bytes) + " }"
                : key.toString();
    }
}
