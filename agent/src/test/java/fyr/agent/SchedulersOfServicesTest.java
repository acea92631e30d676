package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cluster.protobuf.Schemas;
import fyr.cluster.read.Event;
import fyr.cluster.read.Kind;
import fyr.cluster.read.KindReader;
import fyr.cluster.read.Reading;
import fyr.kernel.ipvs.Scheduler;
import fyr.model.Service;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reader of Services and the kernel's vocabulary know the same schedulers, without knowing each other. */
class SchedulersOfServicesTest {

    @ParameterizedTest
    @EnumSource(Scheduler.class)
    void eachSchedulerMayBeNamed(Scheduler scheduler) {
        String event = """
            {"type":"ADDED","object":{"metadata":{"name":"w","namespace":"s","annotations":{"%s":"%s"}},"spec":{"clusterIP":"10.96.0.5"}}}""".formatted(Schemas.SCHEDULER, scheduler.word());
        assertThat(new KindReader<>(Kind.SERVICE).event(event.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        Event.Changed.class,
                        changed -> assertThat(changed.reading())
                                .isInstanceOfSatisfying(
                                        Reading.Valid.class,
                                        valid -> assertThat(((Service) valid.value())
                                                        .traffic()
                                                        .scheduler())
                                                .contains(scheduler.word())));
    }
}
