package fyr.kernel.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class MessageWriterTest {

    @Test
    void padsAndCountsAttributes() {
        byte[] bytes = MessageWriter.of(0x10, 0x5)
                .put32(0)
                .u8(1, 0xab)
                .be16(3, 0x1234)
                .be32(4, 0x01020304)
                .string(6, "lo")
                .toBytes();
        assertThat(HexFormat.ofDelimiter(" ").formatHex(bytes))
                .isEqualTo("34 00 00 00 10 00 05 00 00 00 00 00 00 00 00 00 00 00 00 00 "
                        + "05 00 01 00 ab 00 00 00 06 00 03 00 12 34 00 00 "
                        + "08 00 04 00 01 02 03 04 "
                        + "07 00 06 00 6c 6f 00 00");
    }

    @Test
    void writesALinkAsIpDoes() {
        byte[] bytes = MessageWriter.of(16, 0x605)
                .put(new byte[16])
                .string(3, "vxlan0")
                .u32(4, 1450)
                .nested(
                        18,
                        info -> info.string(1, "vxlan")
                                .nested(2, data -> data.u32(1, 42).u8(7, 0)))
                .toBytes();
        GoldenMessage.check("link-add-vxlan-plain", "ip link add vxlan0 mtu 1450 type vxlan id 42 nolearning", bytes);
    }

    @Test
    void nestsOneAttributeAsAFunctionWould() {
        for (int length = 0; length < 9; length++) {
            byte[] value = new byte[length];
            Arrays.fill(value, (byte) 0xab);
            byte[] bytes = MessageWriter.of(1, 0).nested(300, 5, value).toBytes();
            assertThat(bytes)
                    .isEqualTo(MessageWriter.of(1, 0)
                            .nested(300, content -> content.bytes(5, value))
                            .toBytes());
        }
    }

    @Test
    void readsWhatItWrote() {
        byte[] bytes = MessageWriter.of(16, 0)
                .nested(1, list -> list.string(9, "a").string(9, "b"))
                .be16(2, 65535)
                .message(17, 0, 7)
                .bytes(1, new byte[] {1, 2, 3})
                .toBytes();
        var messages = Message.parse(bytes);
        assertThat(messages).hasSize(2);
        Attributes first = messages.getFirst().attributes(0);
        assertThat(first.nested(1)).extracting(Attribute::string).containsExactly("a", "b");
        assertThat(first.be16(2)).hasValue(65535);
        assertThat(first.u32(77)).isEmpty();
        assertThat(messages.getLast().sequence()).isEqualTo(7);
        assertThat(messages.getLast().attributes(0).bytes(1))
                .hasValueSatisfying(b -> assertThat(b).containsExactly(1, 2, 3));
    }

    @Test
    void refusesWhatDoesNotFitAnAttribute() {
        MessageWriter writer = MessageWriter.of(16, 0);
        assertThatThrownBy(() -> writer.bytes(1, new byte[65532])).hasMessageContaining("65536 bytes");
        assertThatThrownBy(() -> writer.nested(
                        3, content -> content.bytes(1, new byte[65000]).bytes(2, new byte[600])))
                .hasMessageContaining("attribute 3");
    }
}
