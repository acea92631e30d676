package fyr.bench.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.bench.figures.Samples;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CurvesTest {

    private final Curves curves = new Curves(List.of("none", "fyr-nftables", "kube-proxy-iptables"));

    @Test
    void aTableHasARowForEachProgramThatWasMeasured() {
        curves.add(Metric.COLD, "fyr-nftables", 10, Samples.of(1_500_000_000));
        curves.add(Metric.COLD, "kube-proxy-iptables", 1000, Samples.of(9_000_000_000L));
        assertThat(curves.table().lines().toList())
                .containsExactly(
                        "",
                        "from the start of the process until all probed Services answer, ms",
                        "Services                                10                  1000",
                        "fyr-nftables                          1500                     -",
                        "kube-proxy-iptables                      -                  9000");
    }

    @Test
    void aSpreadIsShownWhereThereAreEnoughSamples() {
        curves.add(
                Metric.CONNECT,
                "none",
                10,
                Samples.of(LongStream.rangeClosed(1, 100).map(i -> i * 1000).toArray()));
        assertThat(curves.table()).contains("50.0 (10.0-90.0)");
    }

    @Test
    void jsonHasAllSamplesInTheUnitOfTheMetric() {
        curves.add(Metric.RATE, "none", 10, Samples.of(3, 1, 2));
        curves.add(Metric.CONNECT, "none", 10, Samples.of(1500));
        assertThat(curves.json().path("points").toString())
                .contains("\"metric\":\"rate\"", "\"samples\":[1.0,2.0,3.0]", "\"samples\":[1.5]");
    }

    @Test
    void aDiagramHasACurveForEachProgramInEachPanel() {
        for (int size : List.of(10, 1000, 50_000)) {
            curves.add(Metric.CONNECT, "none", size, Samples.of(40_000));
            curves.add(Metric.CONNECT, "fyr-nftables", size, Samples.of(42_000));
            curves.add(Metric.COLD, "kube-proxy-iptables", size, Samples.of(size * 1_000_000L));
        }
        assertThat(new Diagram(curves).svg().lines().toList())
                .startsWith(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1260\" height=\"340\" viewBox=\"0 0 1260 340\""
                                + " font-family=\"sans-serif\" font-size=\"11\">")
                .endsWith("</svg>")
                .satisfies(lines -> assertThat(lines.stream().filter(line -> line.startsWith("<polyline ")))
                        .hasSize(2 * 3))
                .satisfies(lines -> assertThat(lines.stream().filter(line -> line.startsWith("<circle ")))
                        .hasSize(3 * 3));
    }

    @Test
    void oneSizeAndOneValueStillMakeADiagram() {
        curves.add(Metric.CONNECT, "none", 10, Samples.of(40_000));
        assertThat(new Diagram(curves).svg()).doesNotContain("NaN", "Infinity");
    }

    @Test
    void anUnknownProgramIsRefused() {
        assertThatThrownBy(() -> Contender.parse("calico", Path.of("kube-proxy")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("calico: must be none, fyr-nftables");
    }
}
