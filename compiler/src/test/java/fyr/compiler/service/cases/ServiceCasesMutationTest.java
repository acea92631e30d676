package fyr.compiler.service.cases;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.NodeFeatures;
import fyr.compiler.NodePlan;
import fyr.compiler.service.frontend.FrontendRules;
import fyr.kernel.Tables;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.plan.Trace;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases prove something only if each feature, set and rule has a case that fails without it. */
class ServiceCasesMutationTest {

    /** Sets of another feature that services depend on. */
    private static final Set<String> OF_MASQUERADE = Set.of("hairpin");

    /** The clients of the cases choose their sources themselves; IpvsServicesGuestIT has one that does not. */
    private static final String OWN_SOURCE = "the node's own through a virtual address";

    /** Where it is missing, what goes to no virtual server is refused later; the others are at ports that no case asks for. */
    private static final String NOT_OFFERED = "service without endpoint, or not a port of it";

    /** With some protocol. */
    private static boolean fails(BackEnd backEnd, ServiceCase one, List<KernelPlan> plans, Family family) {
        return one.protocols().stream().anyMatch(protocol -> fails(backEnd, one, plans, family, protocol));
    }

    private static boolean fails(
            BackEnd backEnd, ServiceCase one, List<KernelPlan> plans, Family family, Protocol protocol) {
        try {
            return !TracedWay.outcomes(backEnd::path, plans, one, family, protocol)
                    .equals(one.expected());
        } catch (TracedWay.UnequalOutcomes notSticky) {
            return true;
        }
    }

    static Stream<Arguments> features() {
        return Stream.of(BackEnd.values())
                .flatMap(backEnd -> Stream.of(RemovedFeature.values()).map(feature -> Arguments.of(backEnd, feature)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("features")
    void aCaseFailsWithoutTheFeature(BackEnd backEnd, RemovedFeature feature) {
        for (Family family : Family.values()) {
            assertThat(ServiceCases.all()).as(family.name()).anyMatch(one -> {
                Scene without = feature.without(one.scene());
                return !without.equals(one.scene())
                        && fails(
                                backEnd,
                                one,
                                CompiledScene.of(backEnd, without, family).kernel(),
                                family);
            });
        }
    }

    /** Those whose frontends are in sets of nf_tables. */
    static Stream<Arguments> ofNftables() {
        return Stream.of(BackEnd.NFTABLES, BackEnd.IPVS)
                .flatMap(backEnd -> Stream.of(Family.values()).map(family -> Arguments.of(backEnd, family)));
    }

    /** Every set that services fill. */
    @ParameterizedTest
    @MethodSource("ofNftables")
    void aCaseFailsWithoutTheElementsOfASet(BackEnd backEnd, Family family) {
        Map<String, List<ServiceCase>> filled = new TreeMap<>();
        for (ServiceCase one : ServiceCases.all()) {
            NodePlan plan = CompiledScene.of(backEnd, one.scene(), family).last();
            elementSets(plan, family)
                    .forEach(set ->
                            filled.computeIfAbsent(set, _ -> new ArrayList<>()).add(one));
        }
        Set<String> all = new TreeSet<>(OF_MASQUERADE);
        services(CompiledScene.of(backEnd, ServiceCases.all().getFirst().scene(), family)
                        .last())
                .forEach((key, object) -> {
                    if (key instanceof NftKey.SetKey(var _, String name) && object instanceof NftObject.Set) {
                        all.add(name);
                    }
                });
        for (String set : all) {
            assertThat(filled.getOrDefault(set, List.of()))
                    .as("cases that need " + set)
                    .anyMatch(one -> fails(
                            backEnd,
                            one,
                            changed(backEnd, one, family, objects -> withoutElements(objects, set)),
                            family));
        }
    }

    private static PersistentMap<NftKey, NftObject> services(NodePlan plan) {
        PersistentMap<NftKey, NftObject> objects =
                switch (plan.identity().services().mode()) {
                    case NFTABLES -> plan.features().get(NodeFeatures.SERVICES).objects();
                    case IPVS ->
                        plan.features().get(NodeFeatures.SERVICE_SERVERS).objects();
                    case IPTABLES -> throw new IllegalArgumentException("not in nf_tables");
                };
        return objects.withAll(
                plan.features().get(NodeFeatures.UNSERVED).objects().sorted());
    }

    private static Set<String> elementSets(NodePlan plan, Family family) {
        Set<String> sets = new HashSet<>();
        plan.kernel().table(Tables.NFT).forEach((key, _) -> {
            if (key instanceof NftKey.ElementKey(Family of, String set, var _) && of == family) {
                sets.add(set);
            }
        });
        return sets;
    }

    private static List<KernelPlan> changed(
            BackEnd backEnd, ServiceCase one, Family family, UnaryOperator<PersistentMap<NftKey, NftObject>> change) {
        return CompiledScene.of(backEnd, one.scene(), family).kernel().stream()
                .map(plan -> plan.with(Tables.NFT, change.apply(plan.table(Tables.NFT))))
                .toList();
    }

    private static PersistentMap<NftKey, NftObject> withoutElements(
            PersistentMap<NftKey, NftObject> objects, String set) {
        return objects.withoutAll(objects.sorted(key -> key instanceof NftKey.ElementKey element
                        && element.set().equals(set))
                .keySet());
    }

    /** A rule of a chain; several rules of a chain may say the same. */
    private record Rule(String chain, String comment) {}

    /**
     * Every rule of the chains about services that some case comes by. A chain for a number of endpoints that no case has is like the
     * others (ServiceRulesTest, SlotsTest), and what refuses packets that the rest of the plan has missed is left out
     * (UntakenPacketsTest).
     */
    @ParameterizedTest
    @MethodSource("ofNftables")
    void aCaseFailsWithoutTheRule(BackEnd backEnd, Family family) {
        Map<Rule, List<ServiceCase>> followed = followed(backEnd, family);
        List<String> unproven = new ArrayList<>();
        for (Rule rule : rules(backEnd, family)) {
            if (rule.comment().equals(FrontendRules.UNTRANSLATED)
                    || backEnd == BackEnd.IPVS && rule.comment().equals(NOT_OFFERED)
                    || rule.chain().startsWith("pick-") && !followed.containsKey(rule)) {
                continue;
            }
            boolean proven = followed.getOrDefault(rule, List.of()).stream()
                    .anyMatch(one -> fails(
                            backEnd,
                            one,
                            changed(backEnd, one, family, objects -> without(objects, family, rule)),
                            family));
            if (!proven) {
                unproven.add(rule.toString());
            }
        }
        assertThat(unproven).isEmpty();
    }

    private static Set<Rule> rules(BackEnd backEnd, Family family) {
        Set<Rule> rules = new HashSet<>();
        for (ServiceCase one : ServiceCases.all()) {
            NodePlan plan = CompiledScene.of(backEnd, one.scene(), family).last();
            services(plan).forEach((key, object) -> addRules(key, object, family, rules));
            plan.features().get(NodeFeatures.MASQUERADE).objects().forEach((key, object) -> {
                Set<Rule> ofMasquerade = new HashSet<>();
                addRules(key, object, family, ofMasquerade);
                ofMasquerade.stream()
                        .filter(rule -> rule.comment().contains("through"))
                        .filter(rule -> !rule.comment().contains("tunnel"))
                        .filter(rule -> !rule.comment().equals(OWN_SOURCE))
                        .forEach(rules::add);
            });
        }
        return rules;
    }

    private static void addRules(NftKey key, NftObject object, Family family, Set<Rule> rules) {
        if (key instanceof NftKey.ChainKey(Family of, String name)
                && of == family
                && object instanceof NftObject.Chain chain) {
            chain.rules().forEach(rule -> rules.add(new Rule(name, rule.comment())));
        }
    }

    /** The cases in which each rule was completed: without the others it makes no difference. */
    private static Map<Rule, List<ServiceCase>> followed(BackEnd backEnd, Family family) {
        Map<Rule, List<ServiceCase>> followed = new HashMap<>();
        for (ServiceCase one : ServiceCases.all()) {
            Set<Rule> rules = new HashSet<>();
            one.protocols()
                    .forEach(protocol -> TracedWay.outcomes(
                            (scene, plan, seed) -> path(backEnd, scene, plan, seed, rules),
                            CompiledScene.of(backEnd, one.scene(), family).kernel(),
                            one,
                            family,
                            protocol));
            rules.forEach(rule ->
                    followed.computeIfAbsent(rule, _ -> new ArrayList<>()).add(one));
        }
        return followed;
    }

    private static ConnectionPath path(BackEnd backEnd, Scene scene, KernelPlan plan, long seed, Set<Rule> rules) {
        SplittableRandom random = new SplittableRandom(seed);
        KernelPath.Balancer balancer = backEnd == BackEnd.IPVS
                ? new PlannedServers(plan, random, trace -> note(trace, rules))
                : KernelPath.Balancer.NONE;
        NftHooks.Rules before =
                backEnd == BackEnd.IPVS ? one -> PlannedServers.objects(one, false) : one -> one.table(Tables.NFT);
        return new KernelPath(scene, new NftHooks(before, plan, random, trace -> note(trace, rules)), balancer, random);
    }

    private static void note(Trace trace, Set<Rule> rules) {
        trace.steps().stream()
                .filter(Trace.Step::completed)
                .forEach(step -> rules.add(new Rule(step.chain(), step.rule())));
    }

    private static PersistentMap<NftKey, NftObject> without(
            PersistentMap<NftKey, NftObject> objects, Family family, Rule without) {
        NftKey key = new NftKey.ChainKey(family, without.chain());
        return objects.get(key)
                .map(NftObject.Chain.class::cast)
                .map(chain -> objects.with(key, new NftObject.Chain(chain.hook(), others(chain, without))))
                .orElse(objects);
    }

    private static List<NftRule> others(NftObject.Chain chain, Rule without) {
        return chain.rules().stream()
                .filter(rule -> !rule.comment().equals(without.comment()))
                .toList();
    }
}
