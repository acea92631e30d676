package fyr.kernel.nft;

import java.util.Map;

/** What rules with {@link NftExpression.OverRate} or {@link NftExpression.OverCount} have counted. */
public interface Meters {

    /**
     * The keys of a meter with the number of packets that exceeded the rate or count since the key was added. Empty if there is no such meter.
     * Platform threads only, one call at a time.
     *
     * @throws fyr.kernel.KernelException if the kernel refuses
     */
    Map<Bytes, Long> counts(NftKey.SetKey meter);
}
