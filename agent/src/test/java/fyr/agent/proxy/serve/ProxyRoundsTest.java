package fyr.agent.proxy.serve;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.ClusterSnapshot;
import fyr.model.Node;
import fyr.model.ServiceTraffic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** kube-proxy's health and metrics over the life of a node. */
class ProxyRoundsTest {

    private Instant now = Instant.parse("2026-07-01T10:00:00Z");
    private final ProxyHealth health = new ProxyHealth(() -> now, Duration.ofSeconds(60));
    private final ProxyMetrics metrics = new ProxyMetrics();
    private final ProxyRounds rounds =
            new ProxyRounds(health, metrics, () -> now, () -> now.getEpochSecond() * 1_000_000_000 + now.getNano());
    private final ClusterSnapshot service = Snapshots.withService(ClusterSnapshot.empty(), ServiceTraffic.USUAL);

    private static int hundredths(Instant time) {
        return (int) (time.toEpochMilli() / 10);
    }

    private ClusterSnapshot slice(String name, int trigger) {
        return Snapshots.withSlice(service, name, trigger, Snapshots.endpoint("10.244.1.2", "node1", true, false));
    }

    private void round(ClusterSnapshot snapshot, Duration length, boolean applied) {
        rounds.began(snapshot);
        now = now.plus(length);
        rounds.ended(applied);
    }

    private String value(String metric) {
        return new String(metrics.text(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("kubeproxy_" + metric + " "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElse("absent");
    }

    @Test
    void aRoundIsMeasuredFromItsBeginning() {
        rounds.heard(service);
        assertThat(value("sync_proxy_rules_service_changes_pending")).isEqualTo("1.0");
        round(service, Duration.ofMillis(3), true);
        assertThat(value("sync_proxy_rules_service_changes_pending")).isEqualTo("0.0");
        assertThat(value("sync_proxy_rules_service_changes_total")).isEqualTo("1.0");
        assertThat(value("sync_full_proxy_rules_duration_seconds_count{ip_family=\"IPv6\"}"))
                .isEqualTo("1");
        assertThat(value("sync_proxy_rules_duration_seconds_bucket{ip_family=\"IPv4\",le=\"0.002\"}"))
                .isEqualTo("0");
        assertThat(value("sync_proxy_rules_duration_seconds_bucket{ip_family=\"IPv4\",le=\"0.004\"}"))
                .isEqualTo("1");
        assertThat(value("sync_proxy_rules_duration_seconds_bucket{ip_family=\"IPv4\",le=\"16.384\"}"))
                .isEqualTo("1");
        round(service, Duration.ofMillis(3), true); // for another reason: not a sync of Services
        assertThat(value("sync_proxy_rules_duration_seconds_count{ip_family=\"IPv4\"}"))
                .isEqualTo("1");
    }

    @Test
    void programmingIsMeasuredFromTheTriggerToTheKernel() {
        rounds.heard(service);
        round(service, Duration.ZERO, true);
        now = now.plusSeconds(100);
        ClusterSnapshot changed = slice("a", hundredths(now.minusMillis(700)));
        rounds.heard(changed);
        assertThat(value("sync_proxy_rules_endpoint_changes_pending")).isEqualTo("1.0");
        round(changed, Duration.ofMillis(100), true);
        assertThat(value("network_programming_duration_seconds_count{ip_family=\"IPv4\"}"))
                .isEqualTo("1");
        assertThat(value("network_programming_duration_seconds_sum{ip_family=\"IPv4\"}"))
                .isEqualTo("0.8");
        assertThat(value("network_programming_duration_seconds_bucket{ip_family=\"IPv4\",le=\"0.5\"}"))
                .isEqualTo("0");
        assertThat(value("network_programming_duration_seconds_bucket{ip_family=\"IPv4\",le=\"1.0\"}"))
                .isEqualTo("1");
        assertThat(value("sync_partial_proxy_rules_duration_seconds_count{ip_family=\"IPv4\"}"))
                .isEqualTo("1");
    }

    /** A list at the start, an absent time, a clock that is ahead, and a time that wrapped. */
    @Test
    void timesThatSayNothingAreNotMeasured() {
        ClusterSnapshot old = slice("a", hundredths(now.minusSeconds(3600)));
        rounds.heard(old);
        round(old, Duration.ofMillis(20), true);
        ClusterSnapshot unknown = slice("a", 0);
        rounds.heard(unknown);
        round(unknown, Duration.ofMillis(20), true);
        assertThat(value("network_programming_duration_seconds_count{ip_family=\"IPv4\"}"))
                .isEqualTo("absent");
        ClusterSnapshot ahead = slice("a", hundredths(now.plusSeconds(5)));
        rounds.heard(ahead);
        round(ahead, Duration.ofMillis(20), true);
        assertThat(value("network_programming_duration_seconds_sum{ip_family=\"IPv4\"}"))
                .isEqualTo("0.0");
    }

    @Test
    void aRefusedRoundIsAFailureAndItsChangesGoOnWaiting() {
        rounds.heard(service);
        round(service, Duration.ofMillis(3), true);
        ClusterSnapshot changed = slice("a", 0);
        rounds.heard(changed);
        round(changed, Duration.ofMillis(3), false);
        assertThat(value("sync_proxy_rules_nftables_sync_failures_total{ip_family=\"IPv4\"}"))
                .isEqualTo("1.0");
        assertThat(value("sync_proxy_rules_endpoint_changes_pending")).isEqualTo("1.0");
        now = now.plusSeconds(59);
        assertThat(health.livez().good()).isTrue();
        now = now.plusSeconds(2);
        assertThat(health.livez().status()).isEqualTo(503);
        assertThat(health.livez().body())
                .startsWith(
                        "{\"lastUpdated\":\"2026-07-01T10:00:00.003Z\",\"currentTime\":\"2026-07-01T10:01:01.006Z\",\"healthy\":false")
                .contains("\"status\":{\"IPv4\":{\"lastUpdated\":\"2026-07-01T10:00:00.003Z\",\"healthy\":false}");
        round(changed, Duration.ofMillis(3), true);
        assertThat(health.livez().good()).isTrue();
        assertThat(value("sync_proxy_rules_endpoint_changes_pending")).isEqualTo("0.0");
    }

    /** Two changes that cancel each other before a round leave nothing that waits. */
    @Test
    void aChangeThatIsTakenBackDoesNotWait() {
        rounds.heard(service);
        round(service, Duration.ofMillis(3), true);
        rounds.heard(slice("a", 0));
        rounds.heard(service);
        round(service, Duration.ofMillis(3), true);
        now = now.plusSeconds(61);
        assertThat(health.livez().good()).isTrue();
        assertThat(value("sync_proxy_rules_endpoint_changes_pending")).isEqualTo("0.0");
    }

    /** What arrives during a round waits for the next one. */
    @Test
    void aChangeDuringARoundStaysPending() {
        rounds.heard(service);
        rounds.began(service);
        ClusterSnapshot changed = slice("a", 0);
        rounds.heard(changed);
        rounds.ended(true);
        assertThat(value("sync_proxy_rules_endpoint_changes_pending")).isEqualTo("1.0");
        now = now.plusSeconds(61);
        assertThat(health.livez().good()).isFalse();
    }

    @Test
    void aNodeThatLeavesFailsHealthzAndNotLivez() {
        assertThat(health.livez().body())
                .doesNotContain("nodeEligible", "status")
                .contains("\"healthy\":true");
        Node stays = new Node("node1", List.of(), List.of());
        Node leaves = new Node("node1", 0, List.of(), List.of(), stays.labels(), true);
        assertThat(health.healthz(Optional.of(stays)).body()).contains("\"nodeEligible\":true,\"healthy\":true");
        assertThat(health.healthz(Optional.of(leaves)).status()).isEqualTo(503);
        assertThat(health.healthz(Optional.of(leaves)).body())
                .contains("\"lastUpdated\":\"0001-01-01T00:00:00Z\"", "\"nodeEligible\":false,\"healthy\":true");
        assertThat(health.healthz(Optional.empty()).status()).isEqualTo(503);
        assertThat(health.livez().good()).isTrue();
    }
}
