package fyr.kernel.linux.contract;

import static fyr.kernel.linux.Witness.sh;

import fyr.kernel.Delta;
import fyr.kernel.Kernel;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.IpvsTimeout;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.link.AddressKey;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.route.RouteKey;
import fyr.model.address.Family;
import fyr.testkit.contract.TestedKernel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The real kernel, in the namespace of the tests. */
final class TestedLinuxKernel implements TestedKernel {

    private final LinuxKernel kernel = LinuxKernel.open();

    /** What takes back what others did, in reverse order. */
    private final Deque<String> undo = new ArrayDeque<>();

    @Override
    public Kernel kernel() {
        return kernel;
    }

    @Override
    public void addLink(String name) {
        String peer = "p-" + name;
        sh("ip link add " + name + " type veth peer name " + peer + " && ip link set " + name + " up && ip link set "
                + peer + " up");
        undo.push("! ip link show " + name + " || ip link del " + name);
    }

    @Override
    public void deleteLink(String name) {
        sh("ip link del " + name);
    }

    @Override
    public void setDown(String name) {
        sh("ip link set " + name + " down");
    }

    @Override
    public void addAddress(AddressKey address, int prefixLength) {
        String words = address.address() + "/" + prefixLength + " dev " + address.link();
        sh("ip addr add " + words);
        undo.push("ip addr del " + words);
    }

    @Override
    public void addRoute(RouteKey destination) {
        String ip = destination.destination().family() == Family.IPV4 ? "ip" : "ip -6";
        sh(ip + " route add unreachable " + destination);
        undo.push(ip + " route del unreachable " + destination);
    }

    @Override
    public void addVirtualServer(VirtualServerKey key) {
        String server = switch (key.protocol()) {
                    case TCP -> "-t ";
                    case UDP -> "-u ";
                    case SCTP -> "--sctp-service ";
                }
                + key.address() + ":" + key.port();
        sh("ipvsadm -A " + server + " -s wrr");
        undo.push("ipvsadm -D " + server);
    }

    /** For ipvsadm, zero stands for a timeout that stays as it is. */
    @Override
    public void setTimeout(IpvsTimeout timeout, int seconds) {
        sh("ipvsadm --set "
                + Arrays.stream(IpvsTimeout.values())
                        .map(each -> each == timeout ? Integer.toString(seconds) : "0")
                        .collect(Collectors.joining(" ")));
        undo.push("ipvsadm --set 900 120 300");
    }

    @Override
    public void close() {
        try {
            undo.forEach(command -> sh(command));
            clear(Tables.REAL_SERVERS);
            clear(Tables.VIRTUAL_SERVERS);
            clear(Tables.LOCAL_ROUTES);
            clear(Tables.NFT);
            clear(Tables.ROUTES);
            clear(Tables.ADDRESSES);
            clear(Tables.LINKS);
        } finally {
            kernel.close();
        }
    }

    private <K extends Comparable<? super K>, V> void clear(TableId<K, V> id) {
        var table = kernel.table(id);
        table.apply(new Delta<>(new TreeMap<>(), new TreeSet<>(table.list().keySet())));
    }
}
