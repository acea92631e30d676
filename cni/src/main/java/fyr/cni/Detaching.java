package fyr.cni;

import fyr.cni.protocol.AttachmentKey;
import fyr.cni.state.AttachmentStore.Damaged;
import fyr.cni.state.LinkIdentity;
import fyr.cni.state.StoredAttachment;
import fyr.kernel.pod.PodLinks;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Undoes attachments: link, the listener's knowledge, flows, file, addresses, in this order. A failure leaves the rest for the next
 * attempt. As long as there is a link, the listener knows the attachment: otherwise the rules of the pod, which may still send, would be
 * removed.
 */
final class Detaching {

    private static final System.Logger LOG = System.getLogger("fyr.cni");

    private final Attachments attachments;
    private final PodLinks links;
    private final FlowRemoval flows;
    private final String bootId;
    private final Consumer<List<IpAddress>> addresses;

    /**
     * @param addresses takes addresses that are free again
     */
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

    /**
     * An attachment that has no link any more and is known only by its file.
     *
     * @param tracked the addresses that may have flows
     * @param end removes the file and frees the addresses; must be called once the flows are gone
     */
    record Begun(List<IpAddress> tracked, Runnable end) {}

    /** Whatever exists of it: a whole attachment, a damaged file, or only a link. */
    void detach(AttachmentKey key) {
        String hostLink = LinkIdentity.of(key).hostName();
        List<Begun> begun = new ArrayList<>();
        attachments.get(key).ifPresentOrElse(stored -> begun.add(begin(stored)), () -> links.delete(hostLink));
        attachments.damaged(hostLink).ifPresent(file -> begun.add(begin(file)));
        finish(begun);
    }

    void detach(StoredAttachment attachment) {
        finish(List.of(begin(attachment)));
    }

    void detach(Damaged file) {
        finish(List.of(begin(file)));
    }

    private void finish(List<Begun> begun) {
        removeFlows(begun);
        begun.forEach(one -> one.end().run());
    }

    /** The first half; {@link #removeFlows}, for all that go together, and {@link Begun#end} must follow. */
    Begun begin(StoredAttachment attachment) {
        links.delete(attachment.link().hostName());
        attachments.retract(attachment.key());
        List<IpAddress> own = attachment.link().addresses();
        boolean tracked = attachment.bootId().equals(bootId); // no flow is older than the boot of the kernel
        return new Begun(tracked ? own : List.of(), () -> {
            attachments.remove(attachment);
            addresses.accept(own);
        });
    }

    Begun begin(Damaged file) {
        links.delete(file.hostLink());
        return new Begun(file.addresses(), () -> {
            attachments.remove(file);
            addresses.accept(file.addresses());
        });
    }

    /**
     * One removal for all, because each may read the whole table. A failure does not keep a pod from being detached: the next ADD that gets
     * one of the addresses removes the flows, or fails.
     */
    void removeFlows(List<Begun> begun) {
        List<IpAddress> all =
                begun.stream().flatMap(one -> one.tracked().stream()).toList();
        try {
            flows.begin(all).join();
        } catch (CompletionException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the flows of {0} are not removed before the next pod gets the address: {1}",
                    all,
                    String.valueOf(e.getCause()));
        }
    }
}
