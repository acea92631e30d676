package fyr.testkit;

import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Values from pools so small that objects conflict, and now and then one that must not be accepted. */
final class RandomValues {

    private static final List<String> BLOCKS = List.of(
            "10.244.1.0/24",
            "10.244.2.0/24",
            "10.244.3.0/24",
            "10.244.0.0/21",
            "10.244.2.128/25",
            "10.244.8.0/21",
            "fd00:10:244:1::/64",
            "fd00:10:244:2::/64",
            "fd00:10:244::/56");

    private static final List<String> HOSTILE_BLOCKS = List.of(
            "0.0.0.0/0",
            "10.0.0.0/8",
            "10.96.0.0/12",
            "172.18.0.0/16",
            "172.18.0.12/31",
            "172.18.0.12/32",
            "10.244.1.7/32",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "224.0.0.0/4",
            "255.255.255.254/31",
            "::/0",
            "::1/128",
            "fe80::/10",
            "fd00::/8",
            "ff00::/8",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:0/112");

    private static final List<String> NODE_ADDRESSES = List.of(
            "172.18.0.11", "172.18.0.12", "172.18.0.13", "172.19.0.14", "172.19.0.15", "fd00:18::12", "fd00:19::14");

    private static final List<String> HOSTILE_ADDRESSES = List.of(
            "0.0.0.0",
            "127.0.0.1",
            "172.18.0.0",
            "172.18.0.255",
            "10.244.1.7",
            "10.244.2.1",
            "10.96.0.10",
            "169.254.1.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "fd00:18::",
            "fe80::1",
            "ff02::1",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

    private static final List<String> WORDS =
            List.of("web", "db", "x", "", "a".repeat(253), "é", "_", "a.b", "\n", "\"}");

    private final RandomGenerator random;
    private final boolean hostile;

    RandomValues(RandomGenerator random, boolean hostile) {
        this.random = random;
        this.hostile = hostile;
    }

    boolean rarely() {
        return random.nextInt(6) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T one(List<T> pool) {
        return pool.get(random.nextInt(pool.size()));
    }

    <T> List<T> several(int most, Supplier<T> one) {
        List<T> all = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            all.add(one.get());
        }
        return all;
    }

    private boolean evil() {
        return hostile && random.nextInt(3) == 0;
    }

    Prefix block() {
        if (evil()) {
            return random.nextBoolean() ? Prefix.parse(one(HOSTILE_BLOCKS)) : anyBlock();
        }
        return Prefix.parse(one(BLOCKS));
    }

    Prefix anyBlock() {
        IpAddress address = anyAddress();
        return Prefix.containing(address, random.nextInt(address.family().bits() + 1));
    }

    IpAddress nodeAddress() {
        return evil() ? hostileAddress() : IpAddress.parse(one(NODE_ADDRESSES));
    }

    IpAddress podAddress() {
        return evil()
                ? hostileAddress()
                : IpAddress.parse(
                        random.nextInt(4) == 0
                                ? "fd00:10:244:" + (1 + random.nextInt(2)) + "::" + random.nextInt(1, 5)
                                : "10.244." + (1 + random.nextInt(2)) + "." + random.nextInt(5, 9));
    }

    /** An address that others route to the nodes; sometimes a virtual one. */
    IpAddress externalIp() {
        return rarely()
                ? clusterIp()
                : IpAddress.parse(rarely() ? "2001:db8::" + random.nextInt(1, 3) : "203.0.113." + random.nextInt(1, 3));
    }

    IpAddress clusterIp() {
        return evil()
                ? hostileAddress()
                : IpAddress.parse(
                        random.nextInt(4) == 0
                                ? "fd00:10:96::" + random.nextInt(1, 4)
                                : "10.96.0." + random.nextInt(8, 12));
    }

    IpAddress hostileAddress() {
        return random.nextBoolean() ? IpAddress.parse(one(HOSTILE_ADDRESSES)) : anyAddress();
    }

    private IpAddress anyAddress() {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        return IpAddress.of(bytes);
    }

    String word() {
        return hostile ? one(WORDS) : WORDS.get(random.nextInt(3));
    }

    String zone() {
        return one(List.of("a", "b"));
    }

    Protocol protocol() {
        return one(List.of(Protocol.values()));
    }

    int port() {
        return hostile && rarely() ? one(List.of(1, 53, 65535)) : 80 + random.nextInt(3);
    }
}
