package fyr.cluster.read;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the servers of kube-proxy need of objects. */
class ProxyFactsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name':'n'}                                                  | {}                                          | false",
                "{'name':'n'}                                                  | {'taints':[{'key':'k','effect':'NoSchedule'}]} | false",
                "{'name':'n'} | {'taints':[{'key':'k'},{'key':'ToBeDeletedByClusterAutoscaler','value':'1'}]} | true",
                "{'name':'n'}                                                  | {'taints':null}                             | false",
                "{'name':'n','deletionTimestamp':null}                         | {}                                          | false",
                "{'name':'n','deletionTimestamp':'2026-01-01T00:00:00Z'}       | {}                                          | true"
            },
            quoteCharacter = '"')
    void aNodeThatLeaves(String metadata, String spec, boolean leaving) {
        assertThat(ReaderTest.valid(Kind.NODE, ("{'metadata':" + metadata + ",'spec':" + spec + "}").replace('\'', '"'))
                        .leaving())
                .isEqualTo(leaving);
    }

    /** Hundredths of seconds since 1970 modulo 2^32; what is no time is no reason to refuse a slice. */
    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:01.239Z, 123",
        "2026-11-28T22:00:00.5Z, -798306382",
        "2026-11-28T23:00:00.5+01:00, -798306382",
        "yesterday, 0",
        "'', 0"
    })
    void aSliceKnowsWhatCausedItsChange(String time, int hundredths) {
        assertThat(ReaderTest.valid(Kind.ENDPOINT_SLICE, """
                {"metadata":{"name":"s","namespace":"n","labels":{"kubernetes.io/service-name":"w"},"annotations":{"x":"y",
                "endpoints.kubernetes.io/last-change-trigger-time":"%s"}},"addressType":"IPv4","endpoints":[],"ports":[]}""".formatted(time)).trigger())
                .isEqualTo(hundredths);
    }

    @ParameterizedTest
    @CsvSource({
        "LoadBalancer, Local, 31000, 31000",
        "LoadBalancer, Cluster, 31000, 0",
        "NodePort, Local, 31000, 0",
        "LoadBalancer, Local, 0, 0"
    })
    void aHealthCheckNodePortIsForLocalTrafficOfLoadBalancers(String type, String policy, int port, int read) {
        assertThat(service(type, policy, Integer.toString(port)).traffic().healthCheckNodePort())
                .isEqualTo(read);
    }

    private static Service service(String type, String policy, String port) {
        Reading<?, Service> reading = ReaderTest.read(Kind.SERVICE, """
                {"metadata":{"name":"s","namespace":"n"},"spec":{"type":"%s","externalTrafficPolicy":"%s","healthCheckNodePort":%s,
                "clusterIPs":["10.96.0.1"],"ports":[{"port":80}]}}""".formatted(type, policy, port));
        return switch (reading) {
            case Reading.Valid<?, Service>(var _, Service value) -> value;
            case Reading.Partial<?, Service>(var _, Service value, var _) -> value;
            default -> throw new AssertionError(reading);
        };
    }

    @Test
    void aPortThatIsNoneIsRefused() {
        assertThat(ReaderTest.read(Kind.SERVICE, """
                {"metadata":{"name":"s","namespace":"n"},"spec":{"type":"LoadBalancer","healthCheckNodePort":70000}}""")).isInstanceOf(Reading.Invalid.class);
    }
}
