package fyr.dns.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WrittenNamesTest {

    private static final byte[] NAME = DnsName.parse("a.test").wire();
    private final byte[] message = new byte[0x4000];
    private final WrittenNames names = new WrittenNames();

    private void write(int place) {
        System.arraycopy(NAME, 0, message, place, NAME.length);
    }

    @Test
    void whatWasAddedIsFoundUntilItIsForgotten() {
        write(12);
        write(40);
        names.add(77, 12);
        names.add(78, 40);
        assertThat(names.find(77, NAME, 0, message, 60)).isEqualTo(12);
        assertThat(names.find(78, NAME, 0, message, 60)).isEqualTo(40);
        names.keep(1);
        assertThat(names.find(78, NAME, 0, message, 60)).isEqualTo(-1);
        assertThat(names.find(77, NAME, 0, message, 60)).isEqualTo(12);
        assertThat(names.find(77, DnsName.parse("A.test").wire(), 0, message, 60))
                .as("case is kept")
                .isEqualTo(-1);
    }

    /** A search that went on would find the name at its place; whoever chooses names of equal hashes gains nothing by it. */
    @Test
    void equalHashesAreComparedAFewTimesOnly() {
        for (int place = 100; place < 10_000; place += 10) {
            names.add(77, place); // nothing is written there
        }
        assertThat(names.count()).isEqualTo(8);
        write(12);
        names.add(77, 12);
        assertThat(names.find(77, NAME, 0, message, 10_000)).isEqualTo(-1);
    }

    @Test
    void moreThanAreRememberedDoNoHarm() {
        for (int i = 0; i < 10_000; i++) {
            names.add(i * 0x9e3779b9, 12 + i);
        }
        assertThat(names.count()).isLessThanOrEqualTo(64);
        names.keep(0);
        assertThat(names.find(0, NAME, 0, message, 60)).isEqualTo(-1);
    }
}
