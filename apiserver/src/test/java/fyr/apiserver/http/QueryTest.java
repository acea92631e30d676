package fyr.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class QueryTest {
    @Test
    void readsBooleansAsKubernetesDoes() {
        Query query = Query.parse(java.util.Optional.of("a&b=true&c=1&d=T&e=anything&f=false&g=FALSE&h=0"));
        assertThat(List.of("a", "b", "c", "d", "e")).allMatch(query::truth);
        assertThat(List.of("f", "g", "h", "absent")).noneMatch(query::truth);
    }
}
