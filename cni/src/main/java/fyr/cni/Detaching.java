package fyr.cni;

import fyr.cni.protocol.AttachmentKey;
import fyr.cni.state.AttachmentStore.Damaged;
import fyr.cni.state.LinkIdentity;
import fyr.cni.state.StoredAttachment;
import fyr.kernel.pod.PodLinks;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Takes attachments back: link, the listener's knowledge, flows, file, addresses, in this order. A failure leaves the rest for the next
 * attempt. As long as there is a link, the listener knows the attachment: with it would go the rules of the pod, which may still send.
 */
final class Detaching {

    private static final System.Logger LOG = System.getLogger("fyr.cni");

    private final Attachments attachments;
    private final PodLinks links;
    private final FlowRemoval flows;
    private final String bootId;
    private final Consumer<List<IpAddress>> addresses;

    /** @param addresses takes addresses that are free again */
    Detaching(
            Attachments attachments,
            PodLinks links,
            FlowRemoval flows,
            String bootId,
            Consumer<List<IpAddress>> addresses) {
        this.attachments = attachments;
        this.links = links;
        this.flows = flows;
        this.bootId = bootId;
        this.addresses = addresses;
    }

    /** Whatever there is of it: a whole attachment, a file that cannot be read, or a bare link. */
    void detach(AttachmentKey key) {
        String hostLink = LinkIdentity.of(key).hostName();
        Optional<StoredAttachment> stored = attachments.get(key);
        if (stored.isPresent()) {
            detach(stored.get());
        } else {
            links.delete(hostLink);
        }
        attachments.damaged(hostLink).ifPresent(this::detach);
    }

    void detach(StoredAttachment attachment) {
        links.delete(attachment.link().hostName());
        attachments.retract(attachment.key());
        if (attachment.bootId().equals(bootId)) { // no flow is older than the kernel
            removeFlows(attachment.link().addresses());
        }
        attachments.remove(attachment);
        addresses.accept(attachment.link().addresses());
    }

    void detach(Damaged file) {
        links.delete(file.hostLink());
        removeFlows(file.addresses());
        attachments.remove(file);
        addresses.accept(file.addresses());
    }

    /** What cannot be removed keeps no pod from going: the ADD that has one of the addresses next removes it, or fails. */
    private void removeFlows(List<IpAddress> these) {
        try {
            flows.begin(these).join();
        } catch (CompletionException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the flows of {0} are not removed before the next pod gets the address: {1}",
                    these,
                    String.valueOf(e.getCause()));
        }
    }
}
