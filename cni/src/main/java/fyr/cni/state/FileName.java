package fyr.cni.state;

import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The name of an attachment's file, {@code fyr0123456789ab,10.244.1.7,fd00:10:244:1::7.json}. It says by itself which link has which
 * addresses: they are known even if the file cannot be read.
 */
record FileName(String hostLink, List<IpAddress> addresses) {

    private static final String SUFFIX = ".json";

    static FileName of(StoredAttachment attachment) {
        return new FileName(attachment.link().hostName(), attachment.link().addresses());
    }

    static Optional<FileName> parse(String text) {
        if (!text.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        List<String> words =
                List.of(text.substring(0, text.length() - SUFFIX.length()).split(",", -1));
        if (!LinkIdentity.isHostName(words.getFirst())) {
            return Optional.empty();
        }
        try {
            List<IpAddress> addresses =
                    words.stream().skip(1).map(IpAddress::parse).toList();
            return Optional.of(new FileName(words.getFirst(), addresses));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return Stream.concat(Stream.of(hostLink), addresses.stream().map(IpAddress::toString))
                .collect(Collectors.joining(",", "", SUFFIX));
    }
}
