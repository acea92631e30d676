package fyr.compiler.settings;

import fyr.compiler.feature.Feature;
import fyr.compiler.feature.FeatureInputs;
import fyr.kernel.Tables;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.pod.PodLink;
import fyr.model.Attachment;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Settings of the node's ends of pods' links, and the inputs that they were made from. A link gets them when it is created; here they are
 * part of the plan, so that changes by others are repaired, also on links that an earlier version created.
 *
 * @param byLink the attachments of each link: more than one only if their records contradict each other
 */
public record PodLinkSettings(
        PersistentMap<String, Attachment> attachments,
        PersistentMap<String, PersistentMap<String, Attachment>> byLink,
        PersistentMap<SysctlKey, String> sysctls)
        implements Feature<PodLinkSettings> {

    /** The settings of a node without pods. */
    public static PodLinkSettings empty() {
        return new PodLinkSettings(PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty());
    }

    /** A link has its settings whatever was granted to its pod. Only attachments that changed are processed. */
    @Override
    public PodLinkSettings next(FeatureInputs inputs) {
        PersistentMap<String, Attachment> newAttachments = inputs.heard().attachments();
        Index index = new Index(byLink);
        newAttachments.differences(attachments, (key, before, after) -> {
            if (before != null) {
                index.remove(key, before);
            }
            if (after != null) {
                index.add(key, after);
            }
        });
        PersistentMap<SysctlKey, String> settings = sysctls;
        for (String link : index.changed) {
            settings = settings.withoutAll(PodLink.settings(link, List.of()).keySet());
            PersistentMap<String, Attachment> pods = index.byLink.get(link).orElse(PersistentMap.empty());
            settings = pods.isEmpty() ? settings : settings.withAll(PodLink.settings(link, addresses(pods)));
        }
        return new PodLinkSettings(newAttachments, index.byLink, settings);
    }

    @Override
    public KernelPlan kernel() {
        return KernelPlan.empty().with(Tables.SYSCTLS, sysctls);
    }

    private static List<IpAddress> addresses(PersistentMap<String, Attachment> pods) {
        return pods.sorted().values().stream()
                .flatMap(pod -> pod.addresses().stream())
                .toList();
    }

    /** The attachments by link while they change; lives within one call. */
    private static final class Index {

        private PersistentMap<String, PersistentMap<String, Attachment>> byLink;
        private final Set<String> changed = new TreeSet<>();

        Index(PersistentMap<String, PersistentMap<String, Attachment>> byLink) {
            this.byLink = byLink;
        }

        void add(String key, Attachment pod) {
            put(pod.hostLink(), pods(pod.hostLink()).with(key, pod));
        }

        void remove(String key, Attachment pod) {
            put(pod.hostLink(), pods(pod.hostLink()).without(key));
        }

        private PersistentMap<String, Attachment> pods(String link) {
            return byLink.get(link).orElse(PersistentMap.empty());
        }

        private void put(String link, PersistentMap<String, Attachment> pods) {
            byLink = pods.isEmpty() ? byLink.without(link) : byLink.with(link, pods);
            changed.add(link);
        }
    }
}
