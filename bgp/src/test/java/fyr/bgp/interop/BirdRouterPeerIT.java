package fyr.bgp.interop;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Beside BIRD. */
class BirdRouterPeerIT extends RouterScenarios {

    @Override
    Router make(Lan.Host host) {
        return new Bird(host);
    }

    @Override
    long updatesOf(Router router) {
        Matcher counts = Pattern.compile("Import updates: +([0-9]+)").matcher(router.session(Lan.OWN_V4));
        return counts.results()
                .mapToLong(count -> Long.parseLong(count.group(1)))
                .sum();
    }
}
