package fyr.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvConfTest {

    @Test
    void nameServersAreReadAndAllElseIsIgnored() {
        ResolvConf conf = ResolvConf.parse("""
                # made by hand
                ; nameserver 203.0.113.1
                search example.com nameserver 203.0.113.2
                domain example.org
                sortlist 203.0.113.0/24
                nameserver\t203.0.113.53   # the first one
                nameserver fe80::1%eth0
                nameserver ns.example.com
                nameserver
                nameserver 2001:db8::53
                options ndots:5 rotate
                nameserver 203.0.113.54
                nameserver 203.0.113.55
                """);
        assertThat(conf.nameservers())
                .containsExactly(
                        IpAddress.parse("203.0.113.53"),
                        IpAddress.parse("2001:db8::53"),
                        IpAddress.parse("203.0.113.54"));
        assertThat(conf.problems())
                .containsExactly(
                        "line 7: name server 'fe80::1%eth0' is passed over: an address with a zone has no meaning on another"
                                + " link; name a global one",
                        "line 8: name server 'ns.example.com' is passed over: no IP address");
    }

    @Test
    void ofAHugeFileOnlyTheStartIsRead(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("resolv.conf");
        Files.writeString(
                file, "nameserver 203.0.113.1\n" + "#".repeat(ResolvConf.LARGEST) + "\nnameserver 203.0.113.2\n");
        ResolvConf conf = ResolvConf.read(file);
        assertThat(conf.nameservers()).containsExactly(IpAddress.parse("203.0.113.1"));
        assertThat(conf.problems()).containsExactly("it is longer than 1 MiB; the rest was not read");
        Files.writeString(file, "nameserver 2001:db8::1\r\n");
        assertThat(ResolvConf.read(file).nameservers()).containsExactly(IpAddress.parse("2001:db8::1"));
        assertThat(ResolvConf.read(file).problems()).isEmpty();
    }

    @Test
    void aFileOfTheLargestSizeIsReadWholeAndNoByteBeyond(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("resolv.conf");
        String server = "\nnameserver 203.0.113.1";
        Files.writeString(file, "#".repeat(ResolvConf.LARGEST - server.length()) + server);
        assertThat(ResolvConf.read(file).nameservers()).containsExactly(IpAddress.parse("203.0.113.1"));
        assertThat(ResolvConf.read(file).problems()).isEmpty();
        Files.writeString(file, "\0", StandardOpenOption.APPEND);
        assertThat(ResolvConf.read(file).problems()).containsExactly("it is longer than 1 MiB; the rest was not read");
    }

    @Test
    void ofALongWordOnlyTheStartIsQuoted() {
        String word = "x".repeat(64);
        assertThat(ResolvConf.parse("nameserver " + word).problems())
                .containsExactly("line 1: name server '" + word + "' is passed over: no IP address");
        assertThat(ResolvConf.parse("nameserver " + word + "x").problems())
                .containsExactly("line 1: name server '" + word + "...' is passed over: no IP address");
    }

    @Test
    void onlySoManyProblemsAreNamed() {
        assertThat(ResolvConf.parse("nameserver x\n".repeat(8)).problems())
                .hasSize(8)
                .last()
                .asString()
                .startsWith("line 8: ");
        assertThat(ResolvConf.parse("nameserver x\n".repeat(9)).problems()).hasSize(8);
    }

    @Test
    void anyTextIsRead() {
        String[] words = {
            "nameserver", " ", "\t", "\n", "\r", "::1", "10.0.0.1", "%", "\u0000", "\u00e9", "#", "search", ":"
        };
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(
                        random.nextInt(8) == 0
                                ? "" + (char) random.nextInt(0x10000)
                                : words[random.nextInt(words.length)]);
            }
            try {
                ResolvConf conf = ResolvConf.parse(text.toString());
                assertThat(conf.nameservers()).as("seed %d", seed).hasSizeLessThanOrEqualTo(3);
                assertThat(conf.problems()).as("seed %d", seed).hasSizeLessThanOrEqualTo(8);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
