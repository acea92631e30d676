package fyr.cni;

import fyr.cni.address.NodeAddresses;
import fyr.cni.address.NodeAddresses.Taken;
import fyr.cni.protocol.CniErrorCode;
import fyr.cni.protocol.CniException;
import fyr.cni.protocol.CniRequest;
import fyr.cni.protocol.CniResult;
import fyr.cni.state.LinkIdentity;
import fyr.cni.state.StoredAttachment;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.pod.PodLink;
import fyr.kernel.pod.PodLinks;
import fyr.kernel.pod.PodLinks.PodEnd;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Makes attachments: addresses, file, link, then the rest of the agent; undone in reverse order when a step fails. No tracked flow of an
 * address is older than its pod: flows of the previous pod are removed before any route leads to the new one.
 */
final class Attaching {

    /** How long the rest of the agent may take for the routes; the executable waits longer than that for the whole ADD. */
    private static final long PUBLISH_SECONDS = 20;

    private final Attachments attachments;
    private final PodLinks links;
    private final FlowRemoval flows;
    private final Rotation rotation;
    private final String bootId;
    private final ContainerLocks locks;
    private final Detaching detaching;

    Attaching(
            Attachments attachments,
            PodLinks links,
            FlowRemoval flows,
            Rotation rotation,
            String bootId,
            ContainerLocks locks,
            Detaching detaching) {
        this.attachments = attachments;
        this.links = links;
        this.flows = flows;
        this.rotation = rotation;
        this.bootId = bootId;
        this.locks = locks;
        this.detaching = detaching;
    }

    /** An attachment that has its link, and the future that completes when the rest of the agent has followed. */
    private record Begun(StoredAttachment attachment, CompletionStage<?> carried) {}

    /** Must be called by the exclusive owner of the container. Waits for the rest of the agent without blocking other pods. */
    CniResult attach(CniRequest.Add request, PodNetwork network, Supplier<NodeAddresses> addresses) {
        Begun begun = locks.step(() -> begin(request, network, addresses.get()));
        try {
            await(begun.carried());
            // GC may have come in between: the runtime did not know this attachment yet.
            require(isCurrent(begun.attachment()), "it was detached before it was complete");
        } catch (CniException e) {
            locks.step(() -> undo(begun.attachment(), e));
            throw e;
        }
        return new CniResult(request.version(), begun.attachment().link(), request.previous());
    }

    private Begun begin(CniRequest.Add request, PodNetwork network, NodeAddresses addresses) {
        Optional<StoredAttachment> before =
                attachments.get(request.attachment()).filter(known -> serves(known, request, addresses));
        return before.map(known -> new Begun(known, attachments.publish(known))).orElseGet(() -> {
            forget(request);
            return create(request, network, addresses);
        });
    }

    private boolean isCurrent(StoredAttachment attachment) {
        return attachments.get(attachment.key()).equals(Optional.of(attachment));
    }

    /** What cannot be undone is left for the next attempt, for GC or for healing; the runtime is told about the original failure. */
    private RuntimeException undo(StoredAttachment attachment, RuntimeException cause) {
        try {
            if (isCurrent(attachment)) {
                detaching.detach(attachment);
            }
        } catch (CniException | KernelException e) {
            cause.addSuppressed(e);
        }
        return cause;
    }

    /**
     * Whether an earlier ADD of the same container did everything that this one asks for. The specification requires an error if the
     * interface exists; but it is ours, and the runtime only asks again because it never got the first answer.
     */
    private boolean serves(StoredAttachment known, CniRequest.Add request, NodeAddresses addresses) {
        return known.bootId().equals(bootId)
                && known.network().equals(request.network())
                && known.link().namespace().equals(request.namespace())
                && known.hostPorts().equals(request.hostPorts())
                && addresses.serves(known.link().addresses())
                && links.check(known.link()).isEmpty();
    }

    /** Removes what an earlier attempt left, if anything. */
    private void forget(CniRequest.Add request) {
        String hostLink = LinkIdentity.of(request.attachment()).hostName();
        attachments.get(request.attachment()).ifPresent(detaching::detach);
        attachments.damaged(hostLink).ifPresent(detaching::detach);
    }

    /** The rest of the agent follows, using what it needs of the link, while the pod's end is configured. */
    private Begun create(CniRequest.Add request, PodNetwork network, NodeAddresses addresses) {
        StoredAttachment attachment = claim(request, network, addresses);
        try {
            rotation.keep(addresses);
            attachments.store(attachment);
            CompletableFuture<Void> unburdened = flows.begin(attachment.link().addresses());
            try (PodEnd pod = make(attachment.link())) {
                awaitRemoval(unburdened);
                CompletionStage<?> carried = attachments.publish(attachment);
                pod.configure();
                return new Begun(attachment, carried);
            }
        } catch (CniException | KernelException e) {
            throw undo(attachment, e);
        }
    }

    private StoredAttachment claim(CniRequest.Add request, PodNetwork network, NodeAddresses addresses) {
        List<IpAddress> taken = take(addresses);
        StoredAttachment attachment = describe(request, network.mtu(), taken);
        try {
            attachments.claim(attachment);
            return attachment;
        } catch (CniException e) {
            addresses.release(taken);
            throw e;
        }
    }

    /** Waits until the flows are removed, for as long as the kernel takes; a link without routes cannot be reached. */
    private static void awaitRemoval(CompletableFuture<Void> unburdened) {
        try {
            unburdened.join();
        } catch (CompletionException e) {
            throw new CniException(
                    CniErrorCode.TRY_AGAIN_LATER,
                    "the connections of the pod that had the address before cannot be removed",
                    String.valueOf(e.getCause()));
        }
    }

    private static List<IpAddress> take(NodeAddresses addresses) {
        return switch (addresses.take()) {
            case Taken.Addresses(List<IpAddress> taken) -> taken;
            case Taken.Exhausted(var block) ->
                throw new CniException(
                        CniErrorCode.ADDRESSES_EXHAUSTED,
                        "no address of " + block + " is free: the node has more pods than its podCIDR has addresses");
        };
    }

    private StoredAttachment describe(CniRequest.Add request, int mtu, List<IpAddress> addresses) {
        LinkIdentity identity = LinkIdentity.of(request.attachment());
        PodLink link = new PodLink(
                identity.hostName(),
                request.attachment().interfaceName(),
                request.namespace(),
                identity.hostMac(),
                identity.podMac(),
                mtu,
                addresses);
        return new StoredAttachment(
                request.attachment(),
                request.network(),
                link,
                request.pod(),
                request.podUid(),
                request.hostPorts(),
                bootId);
    }

    private PodEnd make(PodLink link) {
        try {
            return links.make(link);
        } catch (KernelException e) {
            if (e.errno().equals(Errno.EEXIST) && links.hostEnds().containsKey(link.hostName())) {
                // A link of this very container whose file was lost: no other container's link has this name.
                links.delete(link.hostName());
                return links.make(link);
            }
            throw refused(link, e);
        }
    }

    private static RuntimeException refused(PodLink link, KernelException e) {
        if (e.errno().equals(Errno.EEXIST)) {
            return new CniException(
                    CniErrorCode.INTERFACE_EXISTS,
                    "CNI_IFNAME: " + link.podName() + " exists in " + link.namespace() + " and is not ours",
                    e.toString());
        }
        if (e.errno().equals(Errno.ENOENT)) {
            return new CniException(
                    CniErrorCode.INVALID_NAMESPACE,
                    "CNI_NETNS: there is no network namespace " + link.namespace(),
                    e.toString());
        }
        return e;
    }

    private static void await(CompletionStage<?> carried) {
        try {
            carried.toCompletableFuture().get(PUBLISH_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            require(
                    false,
                    Optional.ofNullable(e.getCause()).map(Throwable::getMessage).orElse("for no known reason"));
        } catch (TimeoutException e) {
            require(false, "not within " + PUBLISH_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            require(false, "the agent is stopping");
        }
    }

    private static void require(boolean carried, String why) {
        if (!carried) {
            throw new CniException(CniErrorCode.TRY_AGAIN_LATER, "the node does not carry the pod's traffic", why);
        }
    }
}
