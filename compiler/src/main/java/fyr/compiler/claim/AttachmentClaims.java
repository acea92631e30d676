package fyr.compiler.claim;

import fyr.model.Attachment;
import fyr.model.address.IpAddress;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which attachment of this node has an address: the first by key that claims it. An address is given out once; two attachments have it only
 * if their files were copied or damaged.
 *
 * @param heard attachments as they were handed in
 * @param cut the attachments that lost an address, without it
 * @param granted all attachments, including these
 * @param complaints about the attachments that lost an address, by object
 */
public record AttachmentClaims(
        PersistentMap<String, Attachment> heard,
        Claims<IpAddress, String> addresses,
        PersistentMap<String, Attachment> cut,
        PersistentMap<String, Attachment> granted,
        PersistentMap<String, List<Complaint>> complaints) {

    static AttachmentClaims none() {
        return new AttachmentClaims(
                PersistentMap.empty(),
                Claims.none(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty());
    }

    AttachmentClaims next(PersistentMap<String, Attachment> attachments) {
        return attachments == heard ? this : different(attachments);
    }

    private AttachmentClaims different(PersistentMap<String, Attachment> attachments) {
        ClaimsEditor<IpAddress, String> editor = addresses.edit();
        Set<String> affected = new HashSet<>();
        Set<IpAddress> touched = new HashSet<>();
        attachments.differences(heard, (key, before, after) -> {
            affected.add(key);
            if (before != null) {
                before.addresses().forEach(address -> editor.remove(address, key));
                touched.addAll(before.addresses());
            }
            if (after != null) {
                after.addresses().forEach(address -> editor.add(address, key));
                touched.addAll(after.addresses());
            }
        });
        Claims<IpAddress, String> claims = editor.claims();
        touched.forEach(address -> affected.addAll(claims.of(address)));
        return grant(attachments, claims, affected);
    }

    private AttachmentClaims grant(
            PersistentMap<String, Attachment> attachments, Claims<IpAddress, String> claims, Set<String> affected) {
        PersistentMap<String, Attachment> allCut = cut;
        PersistentMap<String, List<Complaint>> complaining = complaints;
        for (String key : affected) {
            List<Complaint> about = new ArrayList<>();
            Optional<Attachment> now = attachments.get(key).map(attachment -> granted(key, attachment, claims, about));
            allCut = about.isEmpty() ? allCut.without(key) : allCut.with(key, now.orElseThrow());
            complaining = about.isEmpty() ? complaining.without(key) : complaining.with(key, List.copyOf(about));
        }
        return new AttachmentClaims(attachments, claims, allCut, Overlay.of(attachments, allCut), complaining);
    }

    private static Attachment granted(
            String key, Attachment attachment, Claims<IpAddress, String> claims, List<Complaint> about) {
        List<IpAddress> own = new ArrayList<>();
        for (IpAddress address : attachment.addresses()) {
            String owner = claims.of(address).getFirst();
            if (owner.equals(key)) {
                own.add(address);
            } else {
                about.add(new Complaint(
                        "Pod",
                        attachment.pod().toString(),
                        "status.podIPs",
                        address + " was given to attachment " + owner
                                + " too, which keeps it; delete one of the pods"));
            }
        }
        return about.isEmpty() ? attachment : attachment.withAddresses(own);
    }
}
