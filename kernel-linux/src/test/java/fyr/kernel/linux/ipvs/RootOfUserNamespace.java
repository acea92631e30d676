package fyr.kernel.linux.ipvs;

import fyr.kernel.KernelException;
import fyr.kernel.Tables;
import fyr.kernel.linux.LinuxKernel;

/** A process of its own, because one with threads cannot enter a user namespace: what root of such a namespace can do with IPVS. */
final class RootOfUserNamespace {

    private RootOfUserNamespace() {}

    public static void main(String[] args) {
        try (LinuxKernel kernel = LinuxKernel.open()) {
            System.out.println(kernel.table(Tables.VIRTUAL_SERVERS).list() + " "
                    + kernel.table(Tables.REAL_SERVERS).list());
        }
        try {
            LinuxKernel.requireIpvs();
        } catch (KernelException refusal) {
            System.out.println(refusal.errno() + " " + refusal.getMessage());
        }
    }
}
