package fyr.kernel.linux.nft;

import static fyr.kernel.linux.nft.NfTables.*;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.netlink.Attribute;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads the tables named fyr. Objects with names of our form that cannot have been written by Fyr are {@link NftObject.Foreign}. Anonymous
 * sets and chains belong to the rule that uses them and are left out, as are kinds of object that Fyr never makes (counters, quotas, flow
 * tables).
 */
final class Listing {

    private static final int ATTEMPTS = 50;
    private static final long PAUSE_NANOSECONDS = 5_000_000;

    private final NetlinkSocket socket;
    private final SortedMap<NftKey, NftObject> result = new TreeMap<>();

    private Listing(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Everything, as it was when it was listed; nobody must have made a transaction meanwhile. */
    static SortedMap<NftKey, NftObject> read(NetlinkSocket socket) {
        Listing listing = new Listing(socket);
        for (Family family : Family.values()) {
            listing.read(family);
        }
        return listing.result;
    }

    /** Tables, sets and chains, without the elements of sets: there are few, however many services there are. */
    static SortedMap<NftKey, NftObject> structure(NetlinkSocket socket) {
        Listing listing = new Listing(socket);
        for (Family family : Family.values()) {
            if (listing.table(family)) {
                listing.sets(family);
                listing.chains(family);
            }
        }
        return listing.result;
    }

    /** The elements of one set that splits ranges; none if there is no such set. */
    static Map<NftKey, NftObject> intervals(NetlinkSocket socket, NftKey.SetKey key, NftObject.Set type) {
        try {
            return new Listing(socket).elements(key, type).elements();
        } catch (KernelException gone) {
            if (gone.errno().equals(Errno.ENOENT)) {
                return Map.of();
            }
            throw gone;
        }
    }

    private void read(Family family) {
        if (table(family)) {
            sets(family).forEach(set -> {
                if (result.get(set.key()) instanceof NftObject.Set type) {
                    result.putAll(elements(set, type));
                }
            });
            chains(family);
        }
    }

    private boolean table(Family family) {
        MessageWriter tables = Messages.start(NFT_MSG_GETTABLE, 0, family);
        dump("NFT_MSG_GETTABLE", tables, NFTA_TABLE_NAME, family, attributes -> {
            boolean asOurs = attributes.be32(NFTA_TABLE_FLAGS).orElse(0) == 0;
            result.put(
                    new NftKey.TableKey(family),
                    asOurs ? new NftObject.Table() : new NftObject.Foreign("flags of the table"));
            return Optional.empty();
        });
        return result.containsKey(new NftKey.TableKey(family));
    }

    /** A set and the number of its entries, which kernels before 6.17 do not report. */
    private record Sized(NftKey.SetKey key, OptionalInt entries) {}

    private List<Sized> sets(Family family) {
        MessageWriter request = Messages.start(NFT_MSG_GETSET, 0, family).string(NFTA_SET_TABLE, NftKey.TABLE);
        return dump("NFT_MSG_GETSET", request, NFTA_SET_TABLE, family, set -> {
            NftKey.SetKey key =
                    new NftKey.SetKey(family, set.string(NFTA_SET_NAME).orElse(""));
            if ((set.be32(NFTA_SET_FLAGS).orElse(0) & NFT_SET_ANONYMOUS) != 0) {
                return Optional.empty();
            }
            result.put(key, orForeign(() -> SetReader.read(set)));
            return Optional.of(new Sized(key, set.be32(NFTA_SET_COUNT)));
        });
    }

    /**
     * The kernel lists a hash table in parts, and counts from its beginning for each part (nft_rhash_walk): while the table grows in the
     * background, for some milliseconds after a large load, entries are missing from the listing without any error. Where the kernel
     * reports their number, the listing of the set is repeated until it is complete. Elsewhere a listing may lack some entries; writing
     * those again changes nothing, and after the tables were rebuilt, which would lose them, they are read again ({@link
     * NftTable#whenRebuilt}).
     */
    private Map<NftKey, NftObject> elements(Sized set, NftObject.Set type) {
        Map<NftKey, NftObject> elements = Map.of();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ElementReader reader = elements(set.key(), type);
            elements = reader.elements();
            if (Ranges.areSplit(type) || set.entries().orElse(elements.size()) <= elements.size()) {
                return elements;
            }
            LockSupport.parkNanos(PAUSE_NANOSECONDS);
        }
        // Not returned as if it were complete: a rebuild would lose what is missing.
        throw KernelException.unasked(
                "NFT_MSG_GETSETELEM " + set.key(),
                Errno.EAGAIN,
                "listed " + elements.size() + " of " + set.entries().orElse(0) + " elements " + ATTEMPTS + " times");
    }

    private ElementReader elements(NftKey.SetKey key, NftObject.Set type) {
        ElementReader reader = new ElementReader(key, type);
        MessageWriter request = Messages.listElements(key);
        // The socket repeats the request if the set changes meanwhile: read elements only when all parts have
        // arrived.
        List<Attributes> parts =
                dump("NFT_MSG_GETSETELEM " + key, request, NFTA_SET_ELEM_LIST_TABLE, key.family(), Optional::of);
        parts.forEach(
                part -> part.nested(NFTA_SET_ELEM_LIST_ELEMENTS).forEach(element -> reader.add(element.nested())));
        return reader;
    }

    private void chains(Family family) {
        Map<String, List<Supplier<NftRule>>> rules = rules(family);
        dump("NFT_MSG_GETCHAIN", Messages.start(NFT_MSG_GETCHAIN, 0, family), NFTA_CHAIN_TABLE, family, chain -> {
            String name = chain.string(NFTA_CHAIN_NAME).orElse("");
            if ((chain.be32(NFTA_CHAIN_FLAGS).orElse(0) & NFT_CHAIN_BINDING) == 0) {
                result.put(
                        new NftKey.ChainKey(family, name),
                        orForeign(() -> new NftObject.Chain(
                                hook(chain),
                                rules.getOrDefault(name, List.of()).stream()
                                        .map(Supplier::get)
                                        .toList())));
            }
            return Optional.empty();
        });
    }

    private Map<String, List<Supplier<NftRule>>> rules(Family family) {
        MessageWriter request = Messages.start(NFT_MSG_GETRULE, 0, family).string(NFTA_RULE_TABLE, NftKey.TABLE);
        List<Attributes> rules = dump("NFT_MSG_GETRULE", request, NFTA_RULE_TABLE, family, Optional::of);
        Map<String, List<Supplier<NftRule>>> byChain = new HashMap<>();
        rules.forEach(
                rule -> byChain.computeIfAbsent(rule.string(NFTA_RULE_CHAIN).orElse(""), _ -> new ArrayList<>())
                        .add(() -> rule(rule, family)));
        return byChain;
    }

    static NftRule rule(Attributes rule, Family family) {
        List<NftExpression> expressions = new ArrayList<>();
        for (Attribute expression : rule.nested(NFTA_RULE_EXPRESSIONS)) {
            expressions.add(ExpressionReader.read(expression.nested(), family));
        }
        String comment = rule.bytes(NFTA_RULE_USERDATA).map(UserData::comment).orElse("");
        if (comment.length() > 128) {
            throw new UnknownObject("comment of " + comment.length() + " characters");
        }
        return new NftRule(comment, expressions);
    }

    private static Optional<NftHook> hook(Attributes chain) {
        if (!chain.has(NFTA_CHAIN_HOOK)) {
            return Optional.empty();
        }
        Attributes hook = chain.nested(NFTA_CHAIN_HOOK);
        NftHook.Type type = switch (chain.string(NFTA_CHAIN_TYPE).orElse("")) {
            case "filter" -> NftHook.Type.FILTER;
            case "nat" -> NftHook.Type.NAT;
            case "route" -> NftHook.Type.ROUTE;
            default -> throw new UnknownObject("type of chain");
        };
        int point = hook.be32(NFTA_HOOK_HOOKNUM).orElse(-1);
        if (point < 0 || point >= NftHook.Point.values().length) {
            throw new UnknownObject("hook " + point);
        }
        int priority = hook.be32(NFTA_HOOK_PRIORITY).orElse(0);
        boolean drop = chain.be32(NFTA_CHAIN_POLICY).orElse(NF_ACCEPT) == NF_DROP;
        return Optional.of(new NftHook(type, NftHook.Point.values()[point], priority, drop));
    }

    static NftObject orForeign(Supplier<NftObject> reading) {
        try {
            return reading.get();
        } catch (UnknownObject unknown) {
            return new NftObject.Foreign(unknown.what());
        }
    }

    private <T> List<T> dump(
            String operation,
            MessageWriter request,
            int tableName,
            Family family,
            Function<Attributes, Optional<T>> reader) {
        return socket.dump(operation, request, message -> {
            Attributes attributes = message.attributes(NFGENMSG);
            boolean ours = message.u8(0) == Families.toKernel(family)
                    && attributes.string(tableName).filter(NftKey.TABLE::equals).isPresent();
            return ours ? reader.apply(attributes) : Optional.empty();
        });
    }
}
