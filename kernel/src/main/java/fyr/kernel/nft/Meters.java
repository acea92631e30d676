package fyr.kernel.nft;

import java.util.Map;

/** What rules with {@link NftExpression.OverRate} have counted. */
public interface Meters {

    /**
     * The keys of a meter with the number of packets that came too often, since the key is remembered. Nothing, if there is no such meter. On
     * platform threads only, one call at a time.
     *
     * @throws fyr.kernel.KernelException if the kernel refuses
     */
    Map<Bytes, Long> counts(NftKey.SetKey meter);
}
