package fyr.cni;

import fyr.cni.protocol.CniErrorCode;
import fyr.cni.protocol.CniException;
import fyr.cni.protocol.CniRequest;
import fyr.cni.state.AttachmentStore.Damaged;
import fyr.cni.state.LinkIdentity;
import fyr.cni.state.StoredAttachment;
import fyr.kernel.KernelException;
import fyr.kernel.pod.PodLinks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Finds what no live pod uses. Runs alone: no attachment is being made meanwhile. Used once. */
final class Healing {

    private static final System.Logger LOG = System.getLogger("fyr.cni");

    private final Attachments attachments;
    private final PodLinks links;
    private final String bootId;
    private final Detaching detaching;
    private final Map<String, Detaching.Begun> begun = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    Healing(Attachments attachments, PodLinks links, String bootId, Detaching detaching) {
        this.attachments = attachments;
        this.links = links;
        this.bootId = bootId;
        this.detaching = detaching;
    }

    /** What cannot be detached now is logged and stays as it is: its address remains in use. */
    void heal() {
        remove(_ -> Optional.empty());
        failures.forEach(failure -> LOG.log(System.Logger.Level.WARNING, failure));
    }

    /** Whether everything was detached that should be. */
    boolean isComplete() {
        return failures.isEmpty();
    }

    void collect(CniRequest.Collect request) {
        remove(attachment -> request.valid()
                .filter(valid -> attachment.network().equals(request.network()) && !valid.contains(attachment.key()))
                .map(_ -> "not valid any more"));
        if (!failures.isEmpty()) {
            throw new CniException(
                    CniErrorCode.KERNEL_REFUSED,
                    "GC left " + failures.size() + " attachments: " + failures.getFirst(),
                    String.join("; ", failures));
        }
    }

    /** The file is removed last: until then the next process would find what is half done. */
    private void remove(Function<StoredAttachment, Optional<String>> unwanted) {
        Set<String> existing = links.hostEnds().keySet();
        for (StoredAttachment attachment : attachments.all()) {
            leftover(attachment, existing)
                    .or(() -> unwanted.apply(attachment))
                    .ifPresent(reason -> begin(attachment.key() + ", " + reason, () -> detaching.begin(attachment)));
        }
        for (Damaged file : attachments.allDamaged()) {
            if (!existing.contains(file.hostLink())) {
                begin("damaged file of " + file.hostLink() + ", its link is gone", () -> detaching.begin(file));
            }
        }
        detaching.removeFlows(List.copyOf(begun.values()));
        begun.forEach((what, one) -> attempt(what, one.end()));
        removeOrphans(existing);
    }

    private void begin(String what, Supplier<Detaching.Begun> removal) {
        try {
            begun.put(what, removal.get());
        } catch (CniException | KernelException e) {
            failed(what, e);
        }
    }

    /** Why an attachment is no longer used. */
    private Optional<String> leftover(StoredAttachment attachment, Set<String> existing) {
        if (!attachment.bootId().equals(bootId)) {
            return Optional.of("of an earlier boot");
        }
        if (!existing.contains(attachment.link().hostName())) {
            return Optional.of("its link is gone");
        }
        return gone(attachment.link().namespace()) ? Optional.of("its namespace is gone") : Optional.empty();
    }

    /** Only if the folder exists: otherwise this process may merely see another mount tree than the runtime, and the pod is alive. */
    private static boolean gone(Path namespace) {
        Path folder = namespace.getParent();
        return folder != null && Files.isDirectory(folder) && Files.notExists(namespace);
    }

    private void removeOrphans(Set<String> existing) {
        Set<String> known = new HashSet<>();
        attachments.all().forEach(attachment -> known.add(attachment.link().hostName()));
        attachments.allDamaged().forEach(file -> known.add(file.hostLink()));
        existing.stream()
                .filter(LinkIdentity::isHostName)
                .filter(link -> !known.contains(link))
                .forEach(link -> attempt("link " + link + ", nobody's", () -> links.delete(link)));
    }

    private void attempt(String what, Runnable removal) {
        try {
            removal.run();
            LOG.log(System.Logger.Level.INFO, "removed {0}", what);
        } catch (CniException | KernelException e) {
            failed(what, e);
        }
    }

    private void failed(String what, RuntimeException why) {
        failures.add("cannot remove " + what + ": " + why.getMessage());
    }
}
