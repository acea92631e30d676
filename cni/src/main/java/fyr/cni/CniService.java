package fyr.cni;

import fyr.cni.address.NodeAddresses;
import fyr.cni.protocol.AttachmentKey;
import fyr.cni.protocol.CniErrorCode;
import fyr.cni.protocol.CniException;
import fyr.cni.protocol.CniRequest;
import fyr.cni.protocol.CniResult;
import fyr.cni.state.AttachmentStore;
import fyr.cni.state.DiskFiles;
import fyr.cni.state.StateFiles;
import fyr.cni.state.StoredAttachment;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.pod.ExpectedPodLink;
import fyr.kernel.pod.PodLink;
import fyr.kernel.pod.PodLinks;
import fyr.model.Attachment;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Attaches and detaches the pods of one node. The order is always the same, so that the process may be killed between any two steps: the
 * file with link and addresses is written before the kernel has the link, and removed after the link is gone; what is found half done later
 * is undone in reverse order ({@link #heal}). An address is free only when no file names it.
 *
 * <p>Safe on any platform thread; calls into the kernel block. All methods may throw {@link CniException} with the code for the runtime.
 */
public final class CniService implements AutoCloseable {

    private static final long STARTING_NANOS = 5_000_000_000L;
    private static final String LAST_ADDRESSES = "last-addresses";

    private final Closeable lock;
    private final PodLinks links;
    private final String bootId;
    private final Attachments attachments;
    private final Rotation rotation;
    private final ContainerLocks locks = new ContainerLocks();
    private final Attaching attaching;
    private final Detaching detaching;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final long began = System.nanoTime();
    private volatile Serving serving = new Serving.Closed("the agent is starting");
    private volatile Stock stock = new Stock(List.of(), new NodeAddresses(List.of(), List.of(), List.of()));

    private CniService(
            Path directory,
            StateFiles files,
            Closeable lock,
            String bootId,
            PodLinks links,
            Conntrack conntrack,
            AttachmentListener listener)
            throws IOException {
        this.lock = lock;
        this.links = links;
        this.bootId = bootId;
        this.attachments = new Attachments(new AttachmentStore(files, directory), listener);
        this.rotation = new Rotation(files, directory.resolveSibling(LAST_ADDRESSES));
        FlowRemoval flows = new FlowRemoval(conntrack);
        this.detaching = new Detaching(
                attachments,
                links,
                flows,
                bootId,
                addresses -> stock.addresses().release(addresses));
        this.attaching = new Attaching(attachments, links, flows, rotation, bootId, locks, detaching);
    }

    /** The addresses of these blocks. */
    private record Stock(List<Prefix> blocks, NodeAddresses addresses) {}

    /**
     * Reads the state, heals it and publishes the rest. Serves no ADD before {@link #serve} allows it.
     *
     * @param directory of the state; created if necessary. The file {@code last-addresses} is next to it
     * @param bootId the contents of /proc/sys/kernel/random/boot_id
     * @throws IOException if the state cannot be read, or another process uses it: no address could be given out safely
     */
    public static CniService open(
            Path directory, String bootId, PodLinks links, Conntrack conntrack, AttachmentListener listener)
            throws IOException {
        StateLock lock = StateLock.of(directory);
        try {
            return open(directory, new DiskFiles(), lock, bootId, links, conntrack, listener);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    static CniService open(
            Path directory,
            StateFiles files,
            Closeable lock,
            String bootId,
            PodLinks links,
            Conntrack conntrack,
            AttachmentListener listener)
            throws IOException {
        CniService service = new CniService(directory, files, lock, bootId, links, conntrack, listener);
        service.heal();
        var unused = service.attachments.publishAll();
        return service;
    }

    /** Sets how requests are served from now on; attached pods keep what they have. May wait for GC. */
    public void serve(Serving next) {
        switch (next) {
            case Serving.Open(PodNetwork network) -> provide(network.podCidrs());
            case Serving.Limited(PodNetwork network, var _) -> provide(network.podCidrs());
            case Serving.Closed _ -> {}
        }
        serving = next;
        if (!(next instanceof Serving.Closed)) {
            opened.countDown();
        }
    }

    /**
     * In the first seconds of a process its plan is not ready yet. A caller that is refused retries much later: the kubelet retries a pod
     * after ten seconds, and a STATUS that fails makes the node not ready, with taints, for as long.
     */
    private Serving serving() {
        try {
            var unused = opened.await(STARTING_NANOS - (System.nanoTime() - began), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return serving;
    }

    private void provide(List<Prefix> blocks) {
        if (!stock.blocks().equals(blocks)) {
            locks.all(() ->
                    stock = new Stock(blocks, new NodeAddresses(blocks, attachments.addresses(), rotation.last())));
        }
    }

    /** The attachments that have links. */
    public PersistentMap<String, Attachment> attachments() {
        return attachments.published();
    }

    /** The network namespace of the pod that has an address, as the runtime named it; empty if no pod of this node has it. */
    public Optional<Path> namespace(IpAddress address) {
        return attachments.all().stream()
                .map(StoredAttachment::link)
                .filter(link -> link.addresses().contains(address))
                .map(PodLink::namespace)
                .findFirst();
    }

    /** Attaches a pod. The same request again, while its link is intact, gives the same result. */
    public CniResult add(CniRequest.Add request) {
        return locks.one(request.attachment().containerId(), () -> switch (serving()) {
            case Serving.Closed(String why) -> throw notYet(CniErrorCode.TRY_AGAIN_LATER, why);
            case Serving.Open(PodNetwork network) -> attaching.attach(request, network, () -> stock.addresses());
            case Serving.Limited(PodNetwork network, var _) ->
                attaching.attach(request, network, () -> stock.addresses());
        });
    }

    private static CniException notYet(CniErrorCode code, String why) {
        return new CniException(code, "pods cannot be attached yet: " + why);
    }

    /** Detaches a pod. A missing attachment is no error; needs neither the pod's namespace nor any record of it. */
    public void delete(CniRequest.Delete request) {
        step(request.attachment(), () -> detaching.detach(request.attachment()));
    }

    /** Throws CHECK_FAILED if something of the attachment is missing or different. */
    public void check(CniRequest.Check request) {
        step(request.attachment(), () -> {
            List<String> faults = faults(request);
            if (!faults.isEmpty()) {
                throw new CniException(
                        CniErrorCode.CHECK_FAILED,
                        request.attachment() + ": " + faults.getFirst(),
                        String.join("; ", faults));
            }
        });
    }

    private void step(AttachmentKey key, Runnable work) {
        locks.one(
                key.containerId(),
                () -> locks.step(() -> {
                    work.run();
                    return key;
                }));
    }

    private List<String> faults(CniRequest.Check request) {
        Optional<StoredAttachment> stored = attachments.get(request.attachment());
        if (stored.isEmpty()) {
            return List.of("it is not attached");
        }
        PodLink link = stored.get().link();
        if (!link.namespace().equals(request.namespace())) {
            return List.of("it is attached in " + link.namespace() + ", not in " + request.namespace());
        }
        return links.check(request.previous()
                .map(previous -> PreviousResult.expected(previous, link))
                .orElseGet(() -> ExpectedPodLink.asMade(link)));
    }

    /** Throws UNAVAILABLE if an ADD could not be served now, and LIMITED if pods may not reach everything. */
    public void status() {
        switch (serving()) {
            case Serving.Closed(String why) -> throw notYet(CniErrorCode.UNAVAILABLE, why);
            case Serving.Limited(var _, String why) -> throw new CniException(CniErrorCode.LIMITED, why);
            case Serving.Open _ ->
                stock.addresses().exhausted().ifPresent(block -> {
                    throw new CniException(CniErrorCode.UNAVAILABLE, "no address of " + block + " is free");
                });
        }
    }

    /** Heals, and detaches all pods of the network that the request does not list. Continues after errors and throws them together. */
    public void collect(CniRequest.Collect request) {
        locks.all(() -> new Healing(attachments, links, bootId, detaching).collect(request));
    }

    /**
     * Compares files, links and namespaces: attachments that no live pod uses are detached, and links of ours without a file are removed.
     * Done at the start; may be called at any time.
     *
     * @return whether everything was removed that should be
     */
    public boolean heal() {
        Healing healing = new Healing(attachments, links, bootId, detaching);
        locks.all(healing::heal);
        return healing.isComplete();
    }

    /** Releases the state for another process; this service must not be used afterwards. Attached pods stay attached. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
