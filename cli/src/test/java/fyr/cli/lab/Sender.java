package fyr.cli.lab;

import fyr.kernel.linux.LinuxKernel;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sends packets from wherever a command can run: with {@code fyr.kernel.linux.libc.PacketSender} among the tests of kernel-linux. */
final class Sender {

    private Sender() {}

    /** The program that sends these packets. */
    static List<String> command(List<String> packets) {
        String places = Stream.concat(
                        Stream.of(TestLab.checkout().resolve("kernel-linux/target/test-classes")),
                        Stream.of(LinuxKernel.class, fyr.kernel.Errno.class, fyr.model.Node.class)
                                .map(Sender::place))
                .map(place -> place.toAbsolutePath().normalize().toString())
                .collect(Collectors.joining(":"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                places,
                "fyr.kernel.linux.libc.PacketSender"));
        command.addAll(packets);
        return command;
    }

    private static Path place(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** A frame that is sent on a link as it is. */
    static String frame(String link, byte[] frame) {
        return "frame," + link + "," + HexFormat.of().formatHex(frame);
    }

    /** A datagram. */
    static String udp(String address, int port, byte[] payload) {
        return "udp," + address + "," + port + "," + HexFormat.of().formatHex(payload);
    }
}
