package fyr.kernel.nft;

import java.util.Map;

/** What rules with {@link NftExpression.OverRate} have counted. */
public interface Meters {

    /**
     * The keys of a meter with the number of packets that exceeded the rate since the key was added. Empty if there is no such meter.
     * Platform threads only, one call at a time.
     *
     * @throws fyr.kernel.KernelException if the kernel refuses
     */
    Map<Bytes, Long> counts(NftKey.SetKey meter);
}
