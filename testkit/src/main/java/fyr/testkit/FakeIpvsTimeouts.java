package fyr.testkit;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.IpvsTimeout;

/** The timeouts of IPVS in a fake kernel. */
public final class FakeIpvsTimeouts extends FakeTable<IpvsTimeout, Integer> {

    /** INT_MAX / HZ of a kernel with 100 ticks a second. */
    private static final int LONGEST = Integer.MAX_VALUE / 100;

    FakeIpvsTimeouts() {
        super(Tables.IPVS_TIMEOUTS);
    }

    /** Somebody sets one. */
    public void setByOthers(IpvsTimeout timeout, int seconds) {
        contents.computeIfPresent(timeout, (_, _) -> seconds);
    }

    /** A timeout cannot be deleted: deleting only forgets it. */
    @Override
    protected void change(Delta<IpvsTimeout, Integer> delta) {
        FakeRefusals refusals = new FakeRefusals();
        delta.deletes().forEach(contents::remove);
        delta.upserts().forEach((timeout, seconds) -> {
            if (seconds > LONGEST) {
                refusals.add("IPVS_CMD_SET_CONFIG " + timeout, Errno.EINVAL);
            } else {
                contents.put(timeout, seconds);
            }
        });
        refusals.throwFirst();
    }
}
