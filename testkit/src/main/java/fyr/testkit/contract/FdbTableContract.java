package fyr.testkit.contract;

import static fyr.kernel.Tables.FDB;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Errno;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a table of forwarding entries does. */
public abstract class FdbTableContract extends KernelContract {

    private static final FdbKey FOUR = new FdbKey(TUNNEL4, PEER);
    private static final FdbKey SIX = new FdbKey(TUNNEL6, PEER);
    private static final FdbEntry REMOTE4 = new FdbEntry(ip("192.0.2.9"));
    private static final FdbEntry REMOTE6 = new FdbEntry(ip("2001:db8::9"));

    @Test
    void entriesAreSetChangedAndRemoved() {
        put(FDB, Map.of(FOUR, REMOTE4, SIX, REMOTE6));
        put(FDB, Map.of(FOUR, new FdbEntry(ip("192.0.2.7"))));
        assertThat(list(FDB)).isEqualTo(Map.of(FOUR, new FdbEntry(ip("192.0.2.7")), SIX, REMOTE6));
        remove(FDB, Set.of(FOUR, new FdbKey(TUNNEL4, MAC), new FdbKey(ABSENT, MAC)));
        assertThat(list(FDB)).containsOnlyKeys(SIX);
    }

    @Test
    void anEntryOfAnAbsentLinkHoldsBackNoOther() {
        assertThat(refusal(() -> put(FDB, Map.of(new FdbKey(ABSENT, PEER), REMOTE4, FOUR, REMOTE4))))
                .contains(Errno.ENODEV);
        assertThat(list(FDB)).containsOnlyKeys(FOUR);
    }

    @Test
    void anEndpointOfTheOtherFamilyIsRefused() {
        assertThat(refusal(() -> put(FDB, Map.of(FOUR, REMOTE6, new FdbKey(TUNNEL4, MAC), REMOTE4))))
                .contains(Errno.EAFNOSUPPORT);
        assertThat(refusal(() -> put(FDB, Map.of(SIX, REMOTE4)))).contains(Errno.EAFNOSUPPORT);
        assertThat(list(FDB)).containsOnlyKeys(new FdbKey(TUNNEL4, MAC));
    }
}
