package fyr.compiler.service.cases;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.Protocol;
import fyr.model.address.Family;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All cases on the neutral table and on traces over the compiled plans, with each protocol in both families. */
class ServiceCasesTest {

    static Stream<Arguments> cases() {
        return Stream.of(BackEnd.values())
                .flatMap(backEnd -> ServiceCases.all().stream().map(one -> Arguments.of(backEnd, one)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void theTableSaysSo(BackEnd backEnd, ServiceCase one) {
        for (Family family : Family.values()) {
            CompiledScene compiled = CompiledScene.of(backEnd, one.scene(), family);
            for (Protocol protocol : one.protocols()) {
                assertThat(TableWay.outcomes(compiled.last().services(), one, family, protocol))
                        .as(family + " " + protocol)
                        .isEqualTo(one.expected());
            }
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void aTraceOverThePlanShowsIt(BackEnd backEnd, ServiceCase one) {
        for (Family family : Family.values()) {
            CompiledScene compiled = CompiledScene.of(backEnd, one.scene(), family);
            for (Protocol protocol : one.protocols()) {
                assertThat(TracedWay.outcomes(backEnd::path, compiled.kernel(), one, family, protocol))
                        .as(family + " " + protocol)
                        .isEqualTo(one.expected());
            }
        }
    }

    /** Otherwise a case might be about something that was left out of a plan. */
    @ParameterizedTest
    @EnumSource
    void nothingIsLeftOutOfThePlans(BackEnd backEnd) {
        for (ServiceCase one : ServiceCases.all()) {
            for (Family family : Family.values()) {
                CompiledScene.of(backEnd, one.scene(), family).plans().forEach(plan -> {
                    assertThat(plan.complaints()).as(one.name()).allMatch(complaints -> complaints.isEmpty());
                    assertThat(plan.shortfalls().isEmpty()).as(one.name()).isTrue();
                });
            }
        }
    }

    @Test
    void namesAreUnique() {
        Set<String> names = new HashSet<>();
        assertThat(ServiceCases.all()).allMatch(one -> names.add(one.name()));
    }
}
