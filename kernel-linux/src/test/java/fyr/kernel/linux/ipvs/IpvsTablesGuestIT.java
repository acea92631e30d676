package fyr.kernel.linux.ipvs;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Delta;
import fyr.kernel.TableLook;
import fyr.kernel.ipvs.IpvsTimeout;
import fyr.kernel.ipvs.RealServer;
import fyr.kernel.ipvs.RealServerKey;
import fyr.kernel.ipvs.Scheduler;
import fyr.kernel.ipvs.VirtualServer;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tables as ipvsadm sees them, and what they do to connections. */
@ExtendWith(NoLeaks.class)
final class IpvsTablesGuestIT {

    private static final VirtualServerKey TCP = new VirtualServerKey(Protocol.TCP, IpAddress.parse("10.96.0.10"), 80);
    private static final VirtualServerKey UDP6 = new VirtualServerKey(Protocol.UDP, IpAddress.parse("fd00:96::1"), 53);
    private static final VirtualServer RR = new VirtualServer.Balanced(Scheduler.RR, OptionalInt.empty());
    private static final VirtualServer PERSISTENT = new VirtualServer.Balanced(Scheduler.SH, OptionalInt.of(600));
    private static final RealServer ONE = new RealServer.Masqueraded(1);
    private static final RealServerKey HERE = new RealServerKey(TCP, IpAddress.parse("127.0.0.1"), 8080);

    private final NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_GENERIC);
    private final VirtualServerTable virtual = new VirtualServerTable(socket);
    private final RealServerTable real = new RealServerTable(socket);

    @AfterEach
    void close() {
        sh("ipvsadm -C; ip addr flush dev lo to 10.96.0.10/32");
        socket.close();
    }

    private void put(Map<VirtualServerKey, VirtualServer> servers, Map<RealServerKey, RealServer> reals) {
        virtual.apply(new Delta<>(new TreeMap<>(servers), new TreeSet<>()));
        real.apply(new Delta<>(new TreeMap<>(reals), new TreeSet<>()));
    }

    private void remove(RealServerKey key) {
        real.apply(new Delta<>(new TreeMap<>(), new TreeSet<>(Set.of(key))));
    }

    private static String rules() {
        return sh("ipvsadm -Sn | sort");
    }

    @Test
    void serversAsIpvsadmSeesThem() {
        RealServerKey dns = new RealServerKey(UDP6, IpAddress.parse("fd00:244::2"), 5353);
        put(Map.of(TCP, RR, UDP6, PERSISTENT), Map.of(HERE, new RealServer.Masqueraded(7), dns, ONE));
        assertThat(rules()).isEqualTo("""
                -A -t 10.96.0.10:80 -s rr
                -A -u [fd00:96::1]:53 -s sh -p 600
                -a -t 10.96.0.10:80 -r 127.0.0.1:8080 -m -w 7
                -a -u [fd00:96::1]:53 -r [fd00:244::2]:5353 -m -w 1
                """);
    }

    @Test
    void aRealServerThatSomebodyChangesIsFoundAndSetRight() {
        put(Map.of(TCP, RR), Map.of(HERE, ONE));
        sh("ipvsadm -e -t 10.96.0.10:80 -r 127.0.0.1:8080 -m -w 5 -x 9");
        assertThat(real.list().get(HERE)).isInstanceOf(RealServer.Foreign.class);
        put(Map.of(), Map.of(HERE, ONE));
        assertThat(real.list()).isEqualTo(Map.of(HERE, ONE));
        sh("ipvsadm -e -t 10.96.0.10:80 -r 127.0.0.1:8080 -m -w 0");
        assertThat(real.list()).isEmpty();
        put(Map.of(), Map.of(HERE, ONE));
        assertThat(rules()).isEqualTo("""
                -A -t 10.96.0.10:80 -s rr
                -a -t 10.96.0.10:80 -r 127.0.0.1:8080 -m -w 1
                """);
    }

    /** ipvsadm writes all flags, and so takes our mark away. */
    @Test
    void aVirtualServerThatSomebodyChangesIsTheirs() {
        put(Map.of(TCP, RR), Map.of(HERE, ONE));
        sh("ipvsadm -E -t 10.96.0.10:80 -s wrr -p 30");
        assertThat(virtual.seemsChanged()).isTrue();
        assertThat(virtual.list()).isEmpty();
        assertThat(real.list()).isEmpty();
        assertThatThrownBy(() -> put(Map.of(TCP, RR), Map.of())).hasMessageContaining("is not Fyr's");
    }

    @Test
    void whoeverClearsTheTableIsNoticed() {
        put(Map.of(TCP, RR), Map.of(HERE, ONE));
        assertThat(virtual.seemsChanged()).isFalse();
        assertThat(real.seemsChanged()).isFalse();
        sh("ipvsadm -C");
        assertThat(virtual.seemsChanged()).isTrue();
        assertThat(real.seemsChanged()).isTrue();
        assertThat(virtual.list()).isEmpty();
        assertThat(virtual.seemsChanged()).isFalse();
    }

    @Test
    void aRealServerWithConnectionsGoesWhenTheyHaveEnded() throws IOException {
        sh("ip addr add 10.96.0.10/32 dev lo");
        put(Map.of(TCP, RR), Map.of(HERE, ONE));
        try (ServerSocket listener = new ServerSocket(8080, 10, new InetSocketAddress("127.0.0.1", 0).getAddress());
                Socket client = new Socket("10.96.0.10", 80);
                Socket accepted = listener.accept()) {
            remove(HERE);
            assertThat(real.list()).isEmpty();
            assertThat(rules()).contains("-r 127.0.0.1:8080 -m -w 0\n");
            client.getOutputStream().write(42);
            assertThat(accepted.getInputStream().read()).isEqualTo(42);
            assertThatThrownBy(() -> connect()).isInstanceOf(IOException.class);
            put(Map.of(TCP, RR), Map.of(HERE, ONE));
            assertThat(rules()).contains("-r 127.0.0.1:8080 -m -w 1\n");
            remove(HERE);
            client.setSoLinger(true, 0);
        }
        // A reset ends the connection for IPVS after 10 seconds (tcp_timeouts in ip_vs_proto_tcp.c, CLOSE).
        sh(
                "for i in $(seq 150); do ipvsadm -Lnc | grep -q 10.96.0.10:80 || exit 0; sleep 0.1; done; ipvsadm -Lnc; exit 1");
        assertThat(real.list()).isEmpty();
        assertThat(rules()).isEqualTo("-A -t 10.96.0.10:80 -s rr\n");
    }

    private static void connect() throws IOException {
        try (Socket client = new Socket()) {
            client.connect(new InetSocketAddress("10.96.0.10", 80), 300);
        }
    }

    /** What is missing, different or superfluous among the real servers of virtual servers that have some. */
    @Test
    void aLookFindsWhatDiffers() {
        RealServerKey second = new RealServerKey(TCP, IpAddress.parse("127.0.0.1"), 8082);
        RealServerKey third = new RealServerKey(TCP, IpAddress.parse("127.0.0.1"), 8083);
        RealServerKey dns = new RealServerKey(UDP6, IpAddress.parse("fd00:244::2"), 5353);
        Map<RealServerKey, RealServer> wanted = Map.of(HERE, ONE, second, ONE, dns, ONE);
        put(Map.of(TCP, RR, UDP6, RR), wanted);
        assertThat(doubtful(wanted)).isEmpty();
        sh("ipvsadm -e -t 10.96.0.10:80 -r 127.0.0.1:8080 -m -w 5");
        sh("ipvsadm -d -t 10.96.0.10:80 -r 127.0.0.1:8082; ipvsadm -a -t 10.96.0.10:80 -r 127.0.0.1:8083 -m -w 1");
        assertThat(doubtful(wanted)).containsExactly(HERE, second, third);
        sh("ipvsadm -C");
        assertThat(doubtful(wanted)).containsExactlyElementsOf(new TreeSet<>(wanted.keySet()));
    }

    private Set<RealServerKey> doubtful(Map<RealServerKey, RealServer> wanted) {
        Set<RealServerKey> doubtful = new TreeSet<>();
        TableLook<RealServerKey> look = real.look(PersistentMap.of(wanted)).orElseThrow();
        while (look.proceed(1, doubtful::add)) {
            assertThat(doubtful).hasSizeLessThanOrEqualTo(4);
        }
        return doubtful;
    }

    @Test
    void aRealServerOfUdpGoesAtOnce() {
        RealServerKey dns = new RealServerKey(UDP6, IpAddress.parse("fd00:244::2"), 5353);
        put(Map.of(UDP6, RR), Map.of(dns, ONE));
        remove(dns);
        assertThat(rules()).isEqualTo("-A -u [fd00:96::1]:53 -s rr\n");
    }

    @Test
    void timeoutsAsIpvsadmSeesThem() {
        IpvsTimeoutTable timeouts = new IpvsTimeoutTable(socket);
        sh("ipvsadm --set 900 120 300");
        try {
            timeouts.apply(
                    new Delta<>(new TreeMap<>(Map.of(IpvsTimeout.TCP, 901, IpvsTimeout.UDP, 31)), new TreeSet<>()));
            assertThat(sh("ipvsadm -L --timeout")).contains("(tcp tcpfin udp): 901 120 31");
            assertThat(timeouts.list()).isEqualTo(Map.of(IpvsTimeout.TCP, 901, IpvsTimeout.UDP, 31));
        } finally {
            sh("ipvsadm --set 900 120 300");
        }
    }

    /** As an agent in a lab that is not root's. Reading must not fail there, as every agent reads all tables. */
    @Test
    void rootOfAUserNamespaceHasNoneAndLearnsWhy() {
        assertThat(sh("unshare --user --map-root-user --net "
                        + ProcessHandle.current().info().command().orElseThrow()
                        + " -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp '"
                        + System.getProperty("java.class.path") + "' " + RootOfUserNamespace.class.getName()))
                .isEqualTo("""
                        {} {}
                        EPERM IPVS: the kernel lets only root of the machine use it, not root of a user namespace; run as root, or use another --service-mode
                        """);
    }

    @Test
    void aVirtualServerOfOthersIsNamed() {
        sh("ipvsadm -A -t 10.96.0.10:80 -s rr");
        assertThatThrownBy(() -> put(Map.of(TCP, RR), Map.of()))
                .hasMessageStartingWith(
                        "IPVS_CMD_NEW_SERVICE TCP 10.96.0.10:80: there is a virtual server that is not Fyr's");
        assertThat(virtual.list()).isEmpty();
    }
}
