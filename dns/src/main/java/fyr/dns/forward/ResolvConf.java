package fyr.dns.forward;

import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The name servers of a {@code resolv.conf} (man 5 resolv.conf): at most three, as the C libraries read.
 *
 * @param problems one line for each name server that cannot be used
 */
public record ResolvConf(List<IpAddress> nameservers, List<String> problems) {

    private static final int MOST = 3;

    public ResolvConf {
        nameservers = List.copyOf(nameservers);
        problems = List.copyOf(problems);
    }

    /** Reads the file's text. Never fails: what is not understood is ignored or named in the problems. */
    public static ResolvConf parse(String text) {
        List<IpAddress> nameservers = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            String[] words = line.strip().split("\\s+");
            if (!words[0].equals("nameserver") || words.length < 2) {
                continue;
            }
            try {
                IpAddress address = IpAddress.parse(words[1]);
                if (nameservers.size() < MOST) {
                    nameservers.add(address);
                }
            } catch (IllegalArgumentException e) {
                problems.add("line " + number + ": name server '" + words[1] + "' is passed over: no plain IP address");
            }
        }
        return new ResolvConf(nameservers, problems);
    }
}
