package fyr.compiler.service.cases;

import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The witness of the real connections: what {@code conntrack -L} says became of them. It knows of those that went somewhere.
 */
final class TrackedConnections {

    private static final Pattern TUPLES = Pattern.compile(
            "src=(\\S+) dst=(\\S+) sport=\\d+ dport=(\\d+) (?:\\[UNREPLIED] )?src=(\\S+) dst=(\\S+) sport=(\\d+) ");

    private TrackedConnections() {}

    static void forget() throws Exception {
        PacketWorld.sh("conntrack -F 2>&1");
    }

    /** The outcomes of connections to where the case asks; empty for those that were refused or dropped. */
    static Set<Outcome> outcomes(ServiceCase asked, Family family, Protocol protocol) throws Exception {
        String list = PacketWorld.sh("conntrack -L -f %s -p %s 2>/dev/null"
                .formatted(
                        family.name().toLowerCase(Locale.ROOT), protocol.name().toLowerCase(Locale.ROOT)));
        Set<Outcome> outcomes = new HashSet<>();
        Matcher matcher = TUPLES.matcher(list);
        while (matcher.find()) {
            IpAddress client = IpAddress.parse(matcher.group(1));
            IpAddress end = IpAddress.parse(matcher.group(4));
            int port = Integer.parseInt(matcher.group(6));
            if (client.equals(asked.from().in(family))
                    && IpAddress.parse(matcher.group(2)).equals(asked.to().in(family))
                    && Integer.parseInt(matcher.group(3)) == asked.port()) {
                outcomes.add(
                        end.equals(asked.to().in(family)) && port == asked.port()
                                ? new Outcome.Untouched()
                                : new Outcome.Reached(
                                        Place.of(end).orElseThrow(),
                                        port,
                                        !IpAddress.parse(matcher.group(5)).equals(client)));
            }
        }
        return outcomes;
    }
}
