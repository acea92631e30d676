package fyr.cni.state;

import fyr.model.address.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The directory of attachments. A file appears under its name completely or not at all: it is written under a temporary name, then renamed.
 * The effects of a power failure do not matter: the file belongs to an earlier boot then, and is dropped for that reason. Safe on any
 * thread as long as no two write the same attachment.
 */
public final class AttachmentStore {

    private static final System.Logger LOG = System.getLogger("fyr.cni");
    private static final String TEMPORARY = ".new-";
    private static final String DAMAGED = ".damaged";

    private final StateFiles files;
    private final Path directory;

    public AttachmentStore(StateFiles files, Path directory) {
        this.files = files;
        this.directory = directory;
    }

    /** A damaged file that was set aside; its name still says which link had which addresses. */
    public record Damaged(String hostLink, List<IpAddress> addresses) {}

    /** Everything in the directory. */
    public record Contents(List<StoredAttachment> attachments, List<Damaged> damaged) {
        public Contents {
            attachments = List.copyOf(attachments);
            damaged = List.copyOf(damaged);
        }
    }

    /**
     * Reads the directory; deletes partial files, sets damaged files aside and returns one line about each.
     *
     * @throws IOException even if the file is intact: with no descriptor left or a temporary failure of the disk (EMFILE, EIO, ESTALE), the
     *     pod's file is still good, and another attempt finds it
     */
    public Contents load() throws IOException {
        List<StoredAttachment> attachments = new ArrayList<>();
        List<Damaged> damaged = new ArrayList<>();
        for (String name : files.list(directory)) {
            if (name.startsWith(TEMPORARY)) {
                files.delete(directory.resolve(name));
            } else {
                load(name, attachments, damaged);
            }
        }
        return new Contents(attachments, damaged);
    }

    private void load(String name, List<StoredAttachment> attachments, List<Damaged> damaged) throws IOException {
        boolean asideBefore = name.endsWith(DAMAGED);
        Optional<FileName> parsed =
                FileName.parse(asideBefore ? name.substring(0, name.length() - DAMAGED.length()) : name);
        if (parsed.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "{0}/{1}: not a file of ours; left alone", directory, name);
            return;
        }
        Optional<StoredAttachment> attachment = asideBefore ? Optional.empty() : read(name, parsed.get());
        attachment.ifPresentOrElse(
                attachments::add,
                () -> damaged.add(
                        new Damaged(parsed.get().hostLink(), parsed.get().addresses())));
    }

    private Optional<StoredAttachment> read(String name, FileName parsed) throws IOException {
        Path file = directory.resolve(name);
        try {
            if (!files.isRegular(file)) {
                throw new IllegalArgumentException("no regular file");
            }
            StoredAttachment attachment = AttachmentText.read(files.read(file));
            if (!FileName.of(attachment).equals(parsed)
                    || !LinkIdentity.of(attachment.key()).hostName().equals(parsed.hostLink())) {
                throw new IllegalArgumentException("its content does not agree with its name");
            }
            return Optional.of(attachment);
        } catch (IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}/{1}: damaged ({2}); set aside, its addresses stay reserved while the link exists",
                    directory,
                    name,
                    e.getMessage());
            files.rename(file, directory.resolve(name + DAMAGED));
            return Optional.empty();
        }
    }

    /** Returns when the attachment would be found by the next process. */
    public void write(StoredAttachment attachment) throws IOException {
        Path temporary = directory.resolve(TEMPORARY + attachment.link().hostName());
        files.write(temporary, AttachmentText.write(attachment));
        files.rename(temporary, directory.resolve(FileName.of(attachment).toString()));
    }

    /** Removes an attachment's file; a missing file is no error. */
    public void remove(StoredAttachment attachment) throws IOException {
        files.delete(directory.resolve(FileName.of(attachment).toString()));
    }

    /** Removes a file that was set aside. */
    public void remove(Damaged damaged) throws IOException {
        files.delete(directory.resolve(new FileName(damaged.hostLink(), damaged.addresses()) + DAMAGED));
    }
}
