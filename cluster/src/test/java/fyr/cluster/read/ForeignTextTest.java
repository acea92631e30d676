package fyr.cluster.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values as long as the API server allows: messages about them are short. */
class ForeignTextTest {

    private static final int LONG = 256 << 10;

    static Stream<Arguments> objects() {
        String meta = "\"metadata\":{\"name\":\"x\",\"namespace\":\"s\"";
        String service = "{" + meta + "},\"spec\":{\"clusterIP\":\"10.96.0.1\",";
        return Stream.of(
                Arguments.of(Kind.SERVICE, service + "\"xKEY\":{}}}"),
                Arguments.of(Kind.SERVICE, service + "\"sessionAffinity\":\"VALUE\"}}"),
                Arguments.of(Kind.SERVICE, service + "\"externalIPs\":[\"VALUE\",\"VALUE\",\"VALUE\"]}}"),
                Arguments.of(Kind.SERVICE, service + "\"ports\":[{\"port\":1,\"protocol\":\"VALUE\"}]}}"),
                Arguments.of(Kind.SERVICE, "{" + meta + "},\"spec\":{\"clusterIP\":\"VALUE\"}}"),
                Arguments.of(Kind.SERVICE, "{" + meta + ",\"labels\":{\"KEY\":1}}}"),
                Arguments.of(Kind.NODE, "{" + meta + "},\"spec\":{\"podCIDRs\":[\"VALUE\"]}}"),
                Arguments.of(Kind.NODE, "{" + meta + ",\"creationTimestamp\":\"VALUE\"}}"),
                Arguments.of(
                        Kind.NODE,
                        "{" + meta + "},\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"VALUE\"}]}}"),
                Arguments.of(
                        Kind.NETWORK_POLICY,
                        "{" + meta + "},\"spec\":{\"podSelector\":{\"matchExpressions\":"
                                + "[{\"key\":\"k\",\"operator\":\"VALUE\"}]}}}"));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void faultsAreShort(Kind<?, ?> kind, String object) {
        for (String value : List.of(" ".repeat(LONG), "7".repeat(LONG), "\ud83d\ude00".repeat(LONG / 4))) {
            Reading<?, ?> reading = new KindReader<>(kind)
                    .one(object.replace("VALUE", value)
                            .replace("KEY", value.substring(0, LONG / 32))
                            .getBytes(StandardCharsets.UTF_8));
            List<Fault> faults = faults(reading);
            assertThat(faults).isNotEmpty();
            assertThat(faults).allSatisfy(fault -> {
                assertThat(fault.field().length() + fault.what().length()).isLessThan(500);
                assertThat(fault.field() + fault.what()).isNotBlank();
                assertThat((fault.field() + fault.what()).codePoints())
                        .noneMatch(c -> Character.getType(c) == Character.SURROGATE);
            });
        }
    }

    private static List<Fault> faults(Reading<?, ?> reading) {
        return switch (reading) {
            case Reading.Partial<?, ?> partial -> partial.faults();
            case Reading.Invalid<?, ?> invalid -> List.of(new Fault(invalid.field(), invalid.what()));
            case Reading.Doubtful<?, ?> doubtful -> List.of(new Fault(doubtful.field(), doubtful.what()));
            case Reading.Valid<?, ?> _, Reading.Foreign<?, ?> _ -> List.of();
        };
    }
}
