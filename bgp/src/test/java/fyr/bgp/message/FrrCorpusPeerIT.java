package fyr.bgp.message;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.message.CSource.Braces;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.AsPath;
import fyr.bgp.path.AsSegment;
import fyr.bgp.path.ExtendedCommunity;
import fyr.bgp.path.Octets;
import fyr.bgp.path.PathAttributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The malformed and well-formed pieces of FRR's own tests, and what these expect. Where we do otherwise, the case and the reason are named. */
class FrrCorpusPeerIT {

    private static final Set<AddressFamily> BOTH = Set.of(AddressFamily.IPV4, AddressFamily.IPV6);
    private static final WireOptions FOUR_OCTETS = new WireOptions(true, false, false, BOTH, Set.of());
    private static final WireOptions TWO_OCTETS = new WireOptions(false, false, false, BOTH, Set.of());

    private static Path frr = Path.of("");

    @BeforeAll
    static void get() throws IOException, InterruptedException {
        frr = Corpora.folder().resolve("frr");
    }

    private static CSource source(String name) throws IOException {
        CSource source = new CSource();
        try (Stream<Path> headers = Stream.of("lib", "bgpd").flatMap(FrrCorpusPeerIT::headers)) {
            for (Path header : headers.toList()) {
                source.header(header);
            }
        }
        return source.source(frr.resolve("tests/bgpd").resolve(name));
    }

    private static Stream<Path> headers(String folder) {
        try (Stream<Path> files = Files.list(frr.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".h")).sorted().toList().stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] data(Braces row, String name) {
        return ((Braces) row.at(2, name)).bytes(CSource.number(row.at(3, "len")));
    }

    private static String hex(byte[] bytes) {
        return Octets.of(bytes).toString();
    }

    private static String wide(int flags, int code, byte[] value) {
        return "%02x%02x%04x".formatted(flags | 0x10, code, value.length) + hex(value);
    }

    // MP_REACH_NLRI and MP_UNREACH_NLRI

    @Test
    void multiprotocolAttributes() throws IOException {
        CSource source = source("test_mp_attr.c");
        Map<String, String> deviations = new TreeMap<>();
        int cases = 0;
        for (String array : List.of("mp_reach_segments", "mp_unreach_segments")) {
            int code = array.contains("unreach") ? 15 : 14;
            for (Braces row : source.array(array)) {
                byte[] data = data(row, "data");
                boolean expected = CSource.number(row.at(4, "parses")) == 0;
                String name = CSource.text(row.at(0, "name")) + ": " + CSource.text(row.at(1, "desc"));
                String rest = code == 14 ? Raw.ORIGIN + Raw.AS_PATH : "";
                byte[] update = Raw.update("", wide(0x80, code, data) + rest, "");
                Optional<Reading> reading = read(FOUR_OCTETS, update);
                if (reading.isEmpty()) {
                    assertThat(ResetOracle.mayReset(update, FOUR_OCTETS))
                            .as(name)
                            .isTrue();
                }
                boolean used = data.length >= 3
                        && BOTH.contains(AddressFamily.of((data[0] & 255) << 8 | data[1] & 255, data[2] & 255));
                if (reading.isPresent() != expected) {
                    deviations.put(name, why(used, name));
                } else if (expected && used) {
                    assertThat(reading.get().faults()).as(name).isEmpty();
                }
                cases++;
            }
        }
        assertThat(cases).isGreaterThan(25);
        System.out.println("MP attributes, " + cases + " cases, other than FRR: " + deviations);
        assertThat(deviations).doesNotContainValue("unexpected");
    }

    private static String why(boolean used, String name) {
        if (!used) {
            return "the family is not known here, and ignored";
        }
        // FRR takes it for an end of RIB. RFC 4724 section 2 has MP_UNREACH_NLRI for that, and RFC 7606 section 5.3 no
        // error.
        return name.startsWith("IPv6-bug") ? "without prefixes, it announces nothing" : "unexpected";
    }

    private static Optional<Reading> read(WireOptions options, byte[] bytes) {
        try {
            return Optional.of(new MessageReader(options, PeerKind.INTERNAL).read(bytes, 0));
        } catch (NotificationException refused) {
            return Optional.empty();
        }
    }

    // OPEN

    /** Why some capabilities are taken otherwise; the names of FRR's cases are not unique, so that each has its description with it. */
    private static final Map<String, String> OTHER_CAPABILITIES = Map.of(
            "minsize: violates minsize requirement", "ORF is not known here, so that its length is not checked",
            "ORF-empty: ORF capability, but empty.", "ORF is not known here, so that its length is not checked");

    @Test
    void capabilities() throws IOException {
        CSource source = source("test_capability.c");
        Map<String, String> deviations = new TreeMap<>();
        int cases = 0;
        for (String array : List.of("test_segments", "mp_segments", "misc_segments", "opt_params")) {
            for (Braces row : source.array(array)) {
                String name = CSource.text(row.at(0, "name")) + ": " + CSource.text(row.at(1, "desc"));
                byte[] data = data(row, "data");
                String parameters =
                        array.equals("opt_params") ? hex(data) : "02%02x".formatted(data.length) + hex(data);
                byte[] open = Raw.message(
                        Header.OPEN, "04 fde9 005a c0000201 %02x".formatted(parameters.length() / 2) + parameters);
                boolean expected = CSource.number(row.at(4, "parses")) == 0;
                Optional<Reading> reading = read(TWO_OCTETS, open);
                long as = CSource.number(row.at(5, "peek_for"));
                if (reading.isPresent() != expected) {
                    deviations.put(name, reading.isPresent() ? "accepted" : "refused");
                } else if (expected && as != 0) {
                    assertThat(((Open) reading.get().message()).as()).as(name).isEqualTo(as);
                }
                cases++;
            }
        }
        System.out.println("capabilities, " + cases + " cases, other than FRR: " + deviations);
        assertThat(cases).isGreaterThan(35);
        assertThat(deviations.keySet()).isSubsetOf(OTHER_CAPABILITIES.keySet());
    }

    /** RFC 4271 section 6.1: the message of dynamic capabilities is of a type that nobody negotiated. */
    @Test
    void dynamicCapabilitiesAreRefused() throws IOException {
        List<Braces> rows = source("test_capability.c").array("dynamic_cap_msgs");
        assertThat(rows)
                .isNotEmpty()
                .allSatisfy(row -> assertThat(read(TWO_OCTETS, Raw.message(6, hex(data(row, "data")))))
                        .isEmpty());
    }

    // AS_PATH

    private record Path2(String name, byte[] data, Braces expected) {}

    private static List<Path2> paths(CSource source) {
        return source.array("test_segments").stream()
                .map(row -> new Path2(CSource.text(row.at(0, "name")), data(row, "asdata"), (Braces) row.at(4, "sp")))
                .toList();
    }

    private static Optional<PathAttributes> attributes(WireOptions options, String attributes) {
        return read(options, Raw.update("", attributes, Raw.NLRI))
                .flatMap(reading ->
                        ((Update) reading.message()).announced().stream().findFirst())
                .map(Update.Announcement::attributes);
    }

    /** As FRR prints a path: sets are ordered and without repetition. */
    private static String text(AsPath path) {
        return AsPath.ofSegments(path.segments().stream()
                        .map(segment -> switch (segment.type()) {
                            case SET, CONFED_SET ->
                                new AsSegment(segment.type(), List.copyOf(new TreeSet<>(segment.numbers())));
                            case SEQUENCE, CONFED_SEQUENCE -> segment;
                        })
                        .toList())
                .toString();
    }

    @Test
    void asPaths() throws IOException {
        Map<String, String> deviations = new HashMap<>();
        List<Path2> paths = paths(source("test_aspath.c"));
        assertThat(paths).hasSizeGreaterThan(25);
        for (Path2 path : paths) {
            Optional<AsPath> read = attributes(TWO_OCTETS, Raw.ORIGIN + wide(0x40, 2, path.data()) + Raw.NEXT_HOP)
                    .map(PathAttributes::asPath);
            String expected = CSource.text(path.expected().at(0, "shouldbe"));
            if (read.isEmpty() != expected.equals("NULL")) {
                deviations.put(path.name(), "withdrawn: " + read.isEmpty());
                continue;
            }
            read.ifPresent(as -> {
                assertThat(text(as)).as(path.name()).isEqualTo(expected);
                assertThat(as.length()).as(path.name()).isEqualTo((int)
                        CSource.number(path.expected().at(2, "hops")));
                assertThat(text(as.withoutConfederation()))
                        .as(path.name())
                        .isEqualTo(CSource.text(path.expected().at(1, "shouldbe_delete_confed")));
                long loop = CSource.number(path.expected().at(5, "does_loop"));
                assertThat(loop == 0 || as.contains(loop)).as(path.name()).isTrue();
                long other = CSource.number(path.expected().at(6, "doesnt_loop"));
                assertThat(other != 0 && as.contains(other)).as(path.name()).isFalse();
            });
        }
        // RFC 7607 section 2: a path with AS 0 is malformed. FRR says so only when it reads the attribute.
        assertThat(deviations).isEqualTo(Map.of("BGP_AS_ZERO", "withdrawn: true"));
    }

    /** Each with four octets too. */
    private static byte[] widened(byte[] two) {
        ByteBuffer out = ByteBuffer.allocate(two.length * 2);
        for (int at = 0; at + 1 < two.length; ) {
            int count = two[at + 1] & 255;
            out.put(two[at]).put(two[at + 1]);
            at += 2;
            for (int i = 0; i < count && at + 1 < two.length; i++, at += 2) {
                out.putShort((short) 0).put(two[at]).put(two[at + 1]);
            }
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    @Test
    void pathsOfOldPeersAreReconciled() throws IOException {
        CSource source = source("test_aspath.c");
        List<Path2> paths = paths(source);
        List<String> deviations = new ArrayList<>();
        List<Braces> rows = source.array("reconcile_tests");
        assertThat(rows).hasSizeGreaterThan(4);
        for (Braces row : rows) {
            Path2 two = paths.get(((CSource.Element) row.at(0, "test1")).index());
            Path2 four = paths.get(((CSource.Element) row.at(1, "test2")).index());
            String attributes =
                    Raw.ORIGIN + wide(0x40, 2, two.data()) + Raw.NEXT_HOP + wide(0xc0, 17, widened(four.data()));
            String merged =
                    text(attributes(TWO_OCTETS, attributes).orElseThrow().asPath());
            String expected = CSource.text(((Braces) row.at(2, "sp")).at(0, "shouldbe"));
            if (!merged.equals(expected)) {
                deviations.add(two.name() + " and " + four.name());
                // RFC 6793 section 4.2.3: a longer AS4_PATH is ignored. FRR puts both together.
                assertThat(merged).isEqualTo(CSource.text(two.expected().at(0, "shouldbe")));
            }
        }
        assertThat(deviations)
                .containsExactly(
                        "reconcile_new_asp and reconcile_lead_asp",
                        "reconcile_start_trans_error and reconcile_start_trans4");
    }

    /** Whole sets of attributes. What FRR ends a session for (-1) is here never more than a withdrawal (RFC 7606 section 7.2). */
    @Test
    void attributesWithAsPaths() throws IOException {
        CSource source = source("test_aspath.c");
        List<Path2> paths = paths(source);
        List<Braces> rows = source.array("aspath_tests");
        assertThat(rows).hasSizeGreaterThan(10);
        Map<String, String> deviations = new TreeMap<>();
        for (Braces row : rows) {
            String name = CSource.text(row.at(0, "desc"));
            Path2 path = paths.get(((CSource.Element) row.at(1, "segment")).index());
            boolean four = CSource.text(row.at(3, "as4")).equals("AS4_DATA");
            // FRR reads long numbers if the peer has told so, whatever it told itself.
            boolean told = (CSource.number(row.at(5, "cap")) & 1 << 8) != 0;
            byte[] head = ((Braces) row.at(6, "attrheader")).bytes(CSource.number(row.at(7, "len")));
            String attributes = hex(head) + hex(four ? widened(path.data()) : path.data());
            if (row.at(8, "old_segment") instanceof CSource.Element(var _, int old)) {
                attributes += Raw.attribute(0x40, 2, hex(paths.get(old).data()));
            }
            byte[] update = Raw.update("", attributes, Raw.NLRI);
            Optional<Reading> reading = read(told ? FOUR_OCTETS : TWO_OCTETS, update);
            assertThat(reading).as(name).isPresent();
            boolean announced =
                    !((Update) reading.orElseThrow().message()).announced().isEmpty();
            boolean expected = CSource.number(row.at(4, "result")) == 0;
            if (announced != expected) {
                deviations.put(name, "announced: " + announced);
            } else if (announced) {
                String merged = text(((Update) reading.orElseThrow().message())
                        .announced()
                        .getFirst()
                        .attributes()
                        .asPath());
                if (!merged.equals(CSource.text(row.at(2, "shouldbe")))) {
                    deviations.put(name, merged);
                }
            }
        }
        // RFC 6793 section 6: confederations in AS4_PATH are left out, and so there is nothing to put behind the path.
        assertThat(deviations).isEqualTo(Map.of("4b AS4_PATH: confed", "8466 3 52737 4096"));
    }

    // Extended communities

    @Test
    void extendedCommunities() throws IOException {
        List<Braces> rows = source("test_ecommunity.c").array("test_segments");
        assertThat(rows).hasSizeGreaterThan(3);
        for (Braces row : rows) {
            byte[] data = data(row, "data");
            String expected = CSource.text(((Braces) row.at(4, "sp")).at(0, "shouldbe"));
            assertThat(attributes(FOUR_OCTETS, Raw.MANDATORY + wide(0xc0, 16, data))
                            .orElseThrow()
                            .extendedCommunities())
                    .hasToString("[" + expected + "]");
            assertThat(new ExtendedCommunity(ByteBuffer.wrap(data).getLong())).hasToString(expected);
        }
    }

    /** Everything at once, as any part of any message: nothing but a message or a notification comes of it. */
    @Test
    void allPiecesInAllPlaces() throws IOException {
        Map<String, List<String>> arrays = Map.of(
                "test_mp_attr.c", List.of("mp_reach_segments", "mp_unreach_segments", "mp_prefix_sid"),
                "test_capability.c", List.of("misc_segments", "opt_params", "dynamic_cap_msgs"),
                "test_aspath.c", List.of("test_segments"));
        for (Map.Entry<String, List<String>> file : arrays.entrySet()) {
            CSource source = source(file.getKey());
            for (String array : file.getValue()) {
                for (Braces row : source.array(array)) {
                    byte[] data = data(row, array.equals("test_segments") ? "asdata" : "data");
                    anywhere(data);
                }
            }
        }
    }

    private static void anywhere(byte[] data) {
        List<byte[]> messages = new ArrayList<>();
        for (int code = 0; code < 256; code++) {
            for (int flags : new int[] {0x40, 0x80, 0xc0}) {
                messages.add(Raw.update("", Raw.MANDATORY + wide(flags, code, data), Raw.NLRI));
                messages.add(Raw.update("", wide(flags, code, data) + Raw.MANDATORY, ""));
            }
        }
        messages.add(Raw.update(hex(data), Raw.MANDATORY, Raw.NLRI));
        messages.add(Raw.update("", Raw.MANDATORY, hex(data)));
        for (WireOptions options :
                List.of(FOUR_OCTETS, TWO_OCTETS, RandomMessages.allOptions().getLast())) {
            for (byte[] message : messages) {
                try {
                    assertThat(new MessageReader(options, PeerKind.EXTERNAL)
                                    .read(message, 0)
                                    .toString())
                            .isNotEmpty();
                } catch (NotificationException reset) {
                    assertThat(ResetOracle.mayReset(message, options))
                            .as("%s of %s", reset.getMessage(), Octets.of(message))
                            .isTrue();
                }
            }
        }
    }
}
