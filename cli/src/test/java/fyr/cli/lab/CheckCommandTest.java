package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What the text of a check says. */
class CheckCommandTest {

    private static String probe(String to, boolean declared) {
        return "{\"from\":\"shop/front\",\"to\":\"" + to
                + "\",\"address\":\"10.244.1.5\",\"port\":80,\"protocol\":\"TCP\","
                + "\"declared\":" + declared
                + ",\"expected\":\"allow\",\"observed\":\"allow\",\"holds\":true,\"because\":\"\"}";
    }

    private static String table(String... probes) {
        return CheckCommand.table(new JsonMapper().readTree("[" + String.join(",", probes) + "]"));
    }

    @Test
    void podsWithoutAFreePortAreNamed() {
        assertThat(table(
                        probe("shop/web", true),
                        probe("shop/web", false),
                        probe("shop/db", true),
                        probe("service:shop/web", true),
                        probe("dns", true)))
                .endsWith("no undeclared port was asked of shop/db: none that is tried is free there\n"
                        + "5 probes, 0 differ\n");
        assertThat(table(probe("shop/web", true), probe("shop/web", false))).doesNotContain("no undeclared port");
    }
}
