package fyr.cni;

import fyr.cni.protocol.AttachmentKey;
import fyr.cni.protocol.CniErrorCode;
import fyr.cni.protocol.CniException;
import fyr.cni.state.AttachmentStore;
import fyr.cni.state.AttachmentStore.Damaged;
import fyr.cni.state.StoredAttachment;
import fyr.model.Attachment;
import fyr.model.HostPort;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The attachments in memory, in files, and as the listener knows them. In memory is what is in files; the listener knows those that have links. */
final class Attachments {

    private final AttachmentStore store;
    private final AttachmentListener listener;
    private final Map<AttachmentKey, StoredAttachment> stored = new ConcurrentHashMap<>();
    private final Map<String, Damaged> damaged = new ConcurrentHashMap<>();
    private final Object hostPorts = new Object();
    private PersistentMap<String, Attachment> published = PersistentMap.empty();

    Attachments(AttachmentStore store, AttachmentListener listener) throws IOException {
        this.store = store;
        this.listener = listener;
        AttachmentStore.Contents contents = store.load();
        contents.attachments().forEach(attachment -> stored.put(attachment.key(), attachment));
        contents.damaged().forEach(file -> damaged.put(file.hostLink(), file));
    }

    Optional<StoredAttachment> get(AttachmentKey key) {
        return Optional.ofNullable(stored.get(key));
    }

    Optional<Damaged> damaged(String hostLink) {
        return Optional.ofNullable(damaged.get(hostLink));
    }

    /** A copy; unordered. */
    List<StoredAttachment> all() {
        return List.copyOf(stored.values());
    }

    /** A copy; unordered. */
    List<Damaged> allDamaged() {
        return List.copyOf(damaged.values());
    }

    /** Every address that a file names. */
    List<IpAddress> addresses() {
        return Stream.concat(
                        stored.values().stream()
                                .map(attachment -> attachment.link().addresses()),
                        damaged.values().stream().map(Damaged::addresses))
                .flatMap(Collection::stream)
                .toList();
    }

    /**
     * Counts an attachment from now on, before it has a file. Two ADDs at once cannot claim the same host port.
     *
     * @throws CniException if another attachment has one of its host ports, with the name of that pod; nothing is changed then
     */
    void claim(StoredAttachment attachment) {
        synchronized (hostPorts) {
            attachment.hostPorts().stream()
                    .flatMap(port -> port.places().stream())
                    .forEach(place -> requireFree(place, attachment.key()));
            stored.put(attachment.key(), attachment);
        }
    }

    private void requireFree(HostPort.Place place, AttachmentKey claimant) {
        for (StoredAttachment other : stored.values()) {
            if (!other.key().equals(claimant)
                    && other.hostPorts().stream().anyMatch(port -> port.places().contains(place))) {
                throw new CniException(
                        CniErrorCode.HOST_PORT_IN_USE,
                        "host port " + place + " belongs to pod " + other.pod() + " (" + other.key()
                                + "), which was attached earlier; it is free once that pod is detached");
            }
        }
    }

    /** Returns when the next process would find the attachment. It counts from before that: a failure may come after the file appeared. */
    void store(StoredAttachment attachment) {
        stored.put(attachment.key(), attachment);
        try {
            store.write(attachment);
        } catch (IOException | UncheckedIOException e) {
            throw new CniException(
                    CniErrorCode.IO_FAILURE, "cannot write the attachment's state to disk", e.toString());
        }
    }

    void remove(StoredAttachment attachment) {
        try {
            store.remove(attachment);
        } catch (IOException | UncheckedIOException e) {
            throw new CniException(
                    CniErrorCode.IO_FAILURE, "cannot remove the attachment's state from disk", e.toString());
        }
        stored.remove(attachment.key());
    }

    void remove(Damaged file) {
        try {
            store.remove(file);
        } catch (IOException | UncheckedIOException e) {
            throw new CniException(
                    CniErrorCode.IO_FAILURE, "cannot remove a damaged file of state from disk", e.toString());
        }
        damaged.remove(file.hostLink());
    }

    /** What the listener knows. */
    synchronized PersistentMap<String, Attachment> published() {
        return published;
    }

    /** Tells the listener of an attachment. The lock keeps the order: a later map must not be overtaken by an earlier one. */
    synchronized CompletionStage<?> publish(StoredAttachment attachment) {
        Attachment value = attachment.attachment();
        String key = attachment.key().toString();
        if (!published.get(key).equals(Optional.of(value))) {
            published = published.with(key, value);
        }
        return listener.changed(published, Optional.of(value));
    }

    /** Tells the listener of all at once, at start. */
    synchronized CompletionStage<?> publishAll() {
        stored.values()
                .forEach(attachment ->
                        published = published.with(attachment.key().toString(), attachment.attachment()));
        return listener.changed(published, Optional.empty());
    }

    /** Tells the listener that an attachment is gone, if it ever knew it. */
    synchronized void retract(AttachmentKey key) {
        PersistentMap<String, Attachment> without = published.without(key.toString());
        if (without != published) {
            published = without;
            listener.changed(published, Optional.empty());
        }
    }
}
