package fyr.dns.forward;

import fyr.model.address.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The name servers of a {@code resolv.conf} (man 5 resolv.conf): at most three, as the C libraries read. All else in it, such as
 * {@code search} and {@code options}, is for programs that look names up, not for a server, and is ignored.
 *
 * @param problems one line for each name server that cannot be used, and for a file of which not all was read; a few at most
 */
public record ResolvConf(List<IpAddress> nameservers, List<String> problems) {

    /** Bytes that are read of a file. */
    static final int LARGEST = 1 << 20;

    private static final int MOST_NAMESERVERS = 3;
    private static final int MOST_PROBLEMS = 8;
    private static final int LONGEST_QUOTE = 64;

    public ResolvConf {
        nameservers = List.copyOf(nameservers);
        problems = List.copyOf(problems);
    }

    /** Reads a file, at most 1 MiB of it. */
    public static ResolvConf read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(LARGEST), StandardCharsets.ISO_8859_1); // addresses are ASCII
            return in.read() < 0 ? parse(text) : parse(text).with("it is longer than 1 MiB; the rest was not read");
        }
    }

    /** Reads the file's text. Never fails: what is not understood is ignored or named in the problems. */
    public static ResolvConf parse(String text) {
        ResolvConf conf = new ResolvConf(List.of(), List.of());
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            String[] words = line.strip().split("\\s+", 3);
            if (words.length > 1 && words[0].equals("nameserver")) {
                conf = conf.nameserver(words[1], "line " + number);
            }
        }
        return conf;
    }

    private ResolvConf nameserver(String word, String place) {
        try {
            IpAddress address = IpAddress.parse(word);
            return nameservers.size() == MOST_NAMESERVERS ? this : new ResolvConf(and(nameservers, address), problems);
        } catch (IllegalArgumentException e) {
            String why = word.indexOf('%') > 0
                    ? "an address with a zone has no meaning on another link; name a global one"
                    : "no IP address";
            String quoted = word.length() > LONGEST_QUOTE ? word.substring(0, LONGEST_QUOTE) + "..." : word;
            return with(place + ": name server '" + quoted + "' is passed over: " + why);
        }
    }

    private ResolvConf with(String problem) {
        return problems.size() == MOST_PROBLEMS ? this : new ResolvConf(nameservers, and(problems, problem));
    }

    private static <T> List<T> and(List<T> some, T more) {
        List<T> all = new ArrayList<>(some);
        all.add(more);
        return all;
    }
}
