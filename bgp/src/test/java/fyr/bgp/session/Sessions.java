package fyr.bgp.session;

import fyr.bgp.message.Capability;
import fyr.bgp.path.AddressFamily;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Settings that differ from others. */
final class Sessions {

    static final Capability.GracefulRestart RESTART = new Capability.GracefulRestart(
            false, true, 120, List.of(new Capability.GracefulRestart.Preserved(AddressFamily.IPV4, true)));
    static final Capability.LongLivedGracefulRestart LONG_LIVED = new Capability.LongLivedGracefulRestart(
            List.of(new Capability.LongLivedGracefulRestart.LongLived(AddressFamily.IPV4, true, 86400)));

    private Sessions() {}

    private static SessionSettings with(
            SessionSettings from, boolean passive, int holdTime, Set<AddressFamily> families, Random random) {
        return new SessionSettings(
                from.localAs(),
                from.expectedAs(),
                from.identifier(),
                passive,
                holdTime,
                families,
                some(random),
                some(random),
                random.nextBoolean(),
                random.nextBoolean(),
                from.role(),
                false,
                random.nextBoolean() ? Optional.of(RESTART) : Optional.empty(),
                random.nextBoolean() ? Optional.of(LONG_LIVED) : Optional.empty(),
                from.pace());
    }

    /** Any settings that go together with those of any other peer, as IPv4 is always among the families. */
    static SessionSettings random(SessionSettings from, Random random) {
        Set<AddressFamily> families =
                random.nextBoolean() ? Set.of(AddressFamily.IPV4) : Set.of(AddressFamily.IPV4, AddressFamily.IPV6);
        return with(from, random.nextInt(4) == 0, new int[] {0, 3, 9, 90, 300}[random.nextInt(5)], families, random);
    }

    private static Set<AddressFamily> some(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Set.of();
            case 1 -> Set.of(AddressFamily.IPV4);
            case 2 -> Set.of(AddressFamily.IPV6);
            default -> Set.of(AddressFamily.IPV4, AddressFamily.IPV6);
        };
    }
}
