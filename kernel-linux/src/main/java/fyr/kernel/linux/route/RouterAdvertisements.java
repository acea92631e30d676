package fyr.kernel.linux.route;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What a node learned from router advertisements, and forwarding. When {@code net/ipv6/conf/all/forwarding} is set, the kernel deletes the
 * default routes that were learned on links whose {@code accept_ra} is not 2 (rt6_purge_dflt_routers in net/ipv6/route.c), and ignores
 * later advertisements there (ipv6_accept_ra in include/net/addrconf.h), so that addresses and routes expire. {@code conf/all/accept_ra}
 * does not help: the kernel uses the setting of each link.
 */
final class RouterAdvertisements {

    private static final System.Logger LOG = System.getLogger(RouterAdvertisements.class.getName());
    private static final String OF_LINKS = "net/ipv6/conf";
    private static final Optional<String> UNLESS_FORWARDING = Optional.of("1");
    private static final Optional<String> NOT_FORWARDING = Optional.of("0");
    private static final Set<String> NO_LINKS = Set.of("all", "default", "lo");

    private RouterAdvertisements() {}

    /**
     * Must be called before forwarding is set, on a thread in the right namespace: links that have accepted advertisements continue to
     * accept them. Links that accept none, and ours, are left alone.
     */
    static void keep() {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/sys", OF_LINKS))) {
            for (Path link : links) {
                keep(link.getFileName().toString());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot list " + OF_LINKS, failure);
        }
    }

    private static void keep(String link) {
        String setting = OF_LINKS + "/" + link + "/accept_ra";
        boolean accepts = !NO_LINKS.contains(link)
                && !KernelLink.isOurs(link)
                && SettingFiles.read(setting).equals(UNLESS_FORWARDING)
                && SettingFiles.read(OF_LINKS + "/" + link + "/forwarding").equals(NOT_FORWARDING);
        if (accepts) {
            SettingFiles.write(setting, "2");
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "{0} is 2 now: the node forwards IPv6 and keeps what routers tell it",
                    setting);
        }
    }
}
