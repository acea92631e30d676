package fyr.kernel.linux.netlink;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.NoLeaks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A chain changes while its rules are listed. The kernel marks such a listing (NLM_F_DUMP_INTR) because it mixes the states before and after
 * the change, and it is requested again. The rules are all of one kind or all of the other, never both.
 */
@ExtendWith(NoLeaks.class)
final class InterruptedDumpKernelIT {

    private static final int RULES = 2000;
    private static final List<String> KINDS = List.of("first", "second");
    private static final int NFNL_SUBSYS_NFTABLES = 10;
    private static final int NFT_MSG_GETRULE = 7;
    private static final int NFTA_RULE_TABLE = 1;
    private static final int NFTA_RULE_USERDATA = 7;
    private static final int NFGENMSG = 4;

    @TempDir
    Path directory;

    private NetlinkSocket socket;

    @BeforeEach
    void load() throws Exception {
        socket = NetlinkSocket.open(Netlink.NETLINK_NETFILTER);
        for (String kind : KINDS) {
            Files.writeString(
                    directory.resolve(kind),
                    "flush chain ip witness rules\n"
                            + "add rule ip witness rules counter comment \"%s\"\n"
                                    .formatted(kind)
                                    .repeat(RULES));
        }
        sh("nft add table ip witness; nft add chain ip witness rules");
        fill(0);
    }

    @AfterEach
    void close() {
        sh("nft delete table ip witness");
        socket.close();
    }

    private void fill(int number) {
        sh("nft -f " + directory.resolve(KINDS.get(number % 2)));
    }

    private static MessageWriter question() {
        return MessageWriter.of(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE, 0)
                .put8(2)
                .put8(0)
                .putBe16(0)
                .string(NFTA_RULE_TABLE, "witness");
    }

    private static String kind(Message rule) {
        String comment = rule.attributes(NFGENMSG)
                .bytes(NFTA_RULE_USERDATA)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .orElse("");
        return KINDS.stream().filter(comment::contains).findFirst().orElseThrow();
    }

    @Test
    void whatChangedMeanwhileIsListedAnew() {
        boolean[] changed = {false};
        List<String> rules = socket.dump("NFT_MSG_GETRULE", question(), message -> {
            if (!changed[0]) {
                changed[0] = true;
                fill(1);
            }
            return Optional.of(kind(message));
        });
        assertThat(rules).hasSize(RULES).containsOnly("second");
    }

    @Test
    void whatNeverStandsStillIsNotListed() {
        int[] fills = {0};
        int[] last = {-1};
        assertThatThrownBy(() -> socket.dump("NFT_MSG_GETRULE", question(), message -> {
                    if (last[0] != message.sequence()) {
                        last[0] = message.sequence();
                        fill(++fills[0]);
                    }
                    return Optional.of(message);
                }))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        refused -> assertThat(refused.errno()).isEqualTo(Errno.EAGAIN));
        assertThat(socket.dump("NFT_MSG_GETRULE", question(), Optional::of)).hasSize(RULES);
    }

    /** A look reads in this way: it treats what is listed only as a hint. */
    @Test
    void aListingInPartsGoesOnWhateverChanges() {
        NetlinkSocket.Listing listing = socket.begin("NFT_MSG_GETRULE", question());
        int[] messages = {0};
        int parts = 1;
        while (listing.next(_ -> messages[0]++)) {
            fill(parts++);
        }
        assertThat(parts).isGreaterThan(3);
        assertThat(messages[0]).isPositive();
    }
}
