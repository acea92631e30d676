package fyr.kernel.linux.nft;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.KernelEvent;
import fyr.kernel.Tables;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class NftEventsKernelIT {

    @Test
    void hearsOthersButNotItself() throws Exception {
        var heard = new LinkedBlockingQueue<KernelEvent>();
        sh("nft flush ruleset");
        try (NftTable table = NftTable.open();
                NftEvents events = NftEvents.join(table)) {
            events.start(heard::add);
            ServiceRuleset ruleset = new ServiceRuleset(Family.IPV4, List.of(2));
            for (int i = 0; i < 10_000; i++) {
                List<IpAddress> endpoints = List.of(
                        IpAddress.parse("10.1.0.0").plus(i),
                        IpAddress.parse("10.2.0.0").plus(i));
                ruleset.service(IpAddress.parse("10.96.0.0").plus(i), 6, 80, endpoints, 8080);
            }
            table.apply(ruleset.creation());
            sh("nft add table ip other");
            sh("nft delete element ip fyr services '{ 10.96.0.5 . tcp . 80 }'");
            assertThat(heard.poll(5, TimeUnit.SECONDS))
                    .isEqualTo(new KernelEvent.EntriesChanged<>(
                            Tables.NFT,
                            Set.of(new NftKey.ElementKey(
                                    Family.IPV4, "services", Bytes.of(new byte[] {10, 96, 0, 5, 6, 0, 0, 0, 0, 80, 0, 0
                                    }))),
                            true,
                            "deleted element ip fyr services"));
            sh("nft flush chain ip fyr services");
            assertThat(heard.poll(5, TimeUnit.SECONDS))
                    .isEqualTo(new KernelEvent.EntriesChanged<>(
                            Tables.NFT,
                            Set.of(new NftKey.ChainKey(Family.IPV4, "services")),
                            true,
                            "deleted rule ip fyr services"));
            // Repairs of our own are not reported either.
            table.apply(Delta.between(table.list(), PersistentMap.of(ruleset.objects)));
            assertThat(table.list()).isEqualTo(ruleset.objects);
            assertThat(heard).isEmpty();
            // A rebuild starts from a listing, in which something may have been missing.
            NftKey chain = new NftKey.ChainKey(Family.IPV4, "prerouting");
            NftHook later = new NftHook(NftHook.Type.NAT, NftHook.Point.PREROUTING, -90, false);
            NftObject moved = new NftObject.Chain(Optional.of(later), List.of());
            table.apply(new Delta<>(new TreeMap<>(Map.of(chain, moved)), new TreeSet<>()));
            assertThat(heard)
                    .containsExactly(new KernelEvent.Changed(KernelEvent.Subject.NFT, false, "tables rebuilt"));
        }
        sh("nft flush ruleset");
    }
}
