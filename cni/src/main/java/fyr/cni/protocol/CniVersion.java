package fyr.cni.protocol;

import java.util.Arrays;
import java.util.List;

/** A version of the CNI specification, in ascending order. */
public enum CniVersion {
    V0_3_1("0.3.1"),
    V0_4_0("0.4.0"),
    V1_0_0("1.0.0"),
    V1_1_0("1.1.0");

    private final String text;

    CniVersion(String text) {
        this.text = text;
    }

    /** As in {@code cniVersion}. */
    public String text() {
        return text;
    }

    /** Every supported version as text, ascending. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(CniVersion::text).toList();
    }

    /**
     * The version with this text.
     *
     * @throws CniException INCOMPATIBLE_VERSION if it is not supported
     */
    static CniVersion parse(String text) {
        return Arrays.stream(values())
                .filter(version -> version.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new CniException(
                        CniErrorCode.INCOMPATIBLE_VERSION,
                        "cniVersion '" + text + "' is not supported; supported are " + String.join(", ", texts())));
    }
}
