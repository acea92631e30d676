package fyr.cni;

import fyr.cni.protocol.AttachmentKey;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what no live pod uses. Runs alone: no attachment is in the middle of being made. Used once. */
final class Healing {

    private static final System.Logger LOG = System.getLogger("fyr.cni");

    private final Attachments attachments;
    private final PodLinks links;
    private final String bootId;
    private final Detaching detaching;
    private final List<String> failures = new ArrayList<>();

    Healing(Attachments attachments, PodLinks links, String bootId, Detaching detaching) {
        this.attachments = attachments;
        this.links = links;
        this.bootId = bootId;
        this.detaching = detaching;
    }

    /** What cannot be detached now is logged and stays as it is: its address remains in use. */
    void heal() {
        removeLeftovers();
        failures.forEach(failure -> LOG.log(System.Logger.Level.WARNING, failure));
    }

    /** Whether everything could be detached that should. */
    boolean isComplete() {
        return failures.isEmpty();
    }

    void collect(CniRequest.Collect request) {
        removeLeftovers();
        request.valid().ifPresent(valid -> removeOthers(request.network(), valid));
        if (!failures.isEmpty()) {
            throw new CniException(
                    CniErrorCode.KERNEL_REFUSED,
                    "GC left " + failures.size() + " attachments: " + failures.getFirst(),
                    String.join("; ", failures));
        }
    }

    private void removeLeftovers() {
        Set<String> existing = links.hostEnds().keySet();
        for (StoredAttachment attachment : attachments.all()) {
            leftover(attachment, existing)
                    .ifPresent(reason -> attempt(attachment.key() + ", " + reason, () -> detaching.detach(attachment)));
        }
        for (Damaged file : attachments.allDamaged()) {
            if (!existing.contains(file.hostLink())) {
                attempt("damaged file of " + file.hostLink() + ", its link is gone", () -> detaching.detach(file));
            }
        }
        removeOrphans(existing);
    }

    /** Why nobody uses an attachment any more. */
    private Optional<String> leftover(StoredAttachment attachment, Set<String> existing) {
        if (!attachment.bootId().equals(bootId)) {
            return Optional.of("of an earlier boot");
        }
        if (!existing.contains(attachment.link().hostName())) {
            return Optional.of("its link is gone");
        }
        return gone(attachment.link().namespace()) ? Optional.of("its namespace is gone") : Optional.empty();
    }

    /** Only if the folder is there: without it we may merely look at another tree of mounts than the runtime, and the pod lives. */
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

    private void removeOthers(String network, Set<AttachmentKey> valid) {
        for (StoredAttachment attachment : attachments.all()) {
            if (attachment.network().equals(network) && !valid.contains(attachment.key())) {
                attempt(attachment.key() + ", not valid any more", () -> detaching.detach(attachment));
            }
        }
    }

    private void attempt(String what, Runnable removal) {
        try {
            removal.run();
            LOG.log(System.Logger.Level.INFO, "removed {0}", what);
        } catch (CniException | KernelException e) {
            failures.add("cannot remove " + what + ": " + e.getMessage());
        }
    }
}
