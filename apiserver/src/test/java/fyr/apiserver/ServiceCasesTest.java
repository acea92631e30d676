package fyr.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The lab's API server answers requests about Services as a real one does; {@link ServiceCasesPeerIT} verifies the expected answers. */
class ServiceCasesTest {
    @ParameterizedTest
    @FieldSource("fyr.apiserver.ServiceCases#FILES")
    void answersLikeKubernetes(String file) throws Exception {
        try (ApiServer server = ApiServer.start(new InetSocketAddress("127.0.0.1", 0));
                HttpClient client = HttpClient.newHttpClient()) {
            String expected = ServiceCases.read(file);
            String actual = new ServiceCases(
                            client, server.uri().toString(), server.token().text())
                    .run(expected);
            assertThat(actual.lines())
                    .containsExactlyElementsOf(expected.lines().toList());
        }
    }
}
