package fyr.testkit.contract;

import static fyr.kernel.Tables.ADDRESSES;
import static fyr.kernel.Tables.LINKS;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a table of links does with links that only carry addresses. */
public abstract class DummyLinkContract extends KernelContract {

    private static final String CARRIER = "fyr-carrier";
    private static final Link DUMMY = new Link.Dummy();
    private static final InterfaceAddress NO_SOURCE4 = new InterfaceAddress(32, false);
    private static final InterfaceAddress NO_SOURCE6 = new InterfaceAddress(128, false);
    private static final AddressKey FOUR = new AddressKey(CARRIER, ip("10.96.0.10"));
    private static final AddressKey SIX = new AddressKey(CARRIER, ip("fd00:96::10"));

    @Test
    void carriesAddressesAndTakesThemAlong() {
        put(LINKS, Map.of(CARRIER, DUMMY));
        assertThat(list(LINKS)).containsEntry(CARRIER, DUMMY);
        put(ADDRESSES, Map.of(FOUR, NO_SOURCE4, SIX, NO_SOURCE6));
        assertThat(list(ADDRESSES)).isEqualTo(Map.of(FOUR, NO_SOURCE4, SIX, NO_SOURCE6));
        put(LINKS, Map.of(CARRIER, DUMMY));
        assertThat(list(ADDRESSES)).containsOnlyKeys(FOUR, SIX);
        remove(LINKS, Set.of(CARRIER));
        assertThat(list(LINKS)).doesNotContainKey(CARRIER);
        assertThat(list(ADDRESSES)).isEmpty();
    }

    @Test
    void oneThatIsDownIsSetUpAgain() {
        put(LINKS, Map.of(CARRIER, DUMMY));
        others().setDown(CARRIER);
        assertThat(list(LINKS)).containsEntry(CARRIER, new Link.Foreign("dummy, down"));
        put(LINKS, Map.of(CARRIER, DUMMY));
        assertThat(list(LINKS)).containsEntry(CARRIER, DUMMY);
    }

    @Test
    void anotherKindOfLinkOfThisNameIsReplaced() {
        put(LINKS, Map.of(TUNNEL4, DUMMY));
        assertThat(list(LINKS)).containsEntry(TUNNEL4, DUMMY);
        put(LINKS, Map.of(TUNNEL4, LINK4));
        assertThat(list(LINKS)).containsEntry(TUNNEL4, LINK4);
    }
}
