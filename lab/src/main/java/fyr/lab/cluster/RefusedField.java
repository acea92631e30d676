package fyr.lab.cluster;

import fyr.cluster.manifest.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which field of a manifest a refusal is about, derived from the wording of API servers (apimachinery's field errors, strict decoding). */
final class RefusedField {

    private static final Pattern FIELD = Pattern.compile(
            " is invalid: \\[?([A-Za-z][A-Za-z0-9_./\\[\\]-]*): | unknown field \"([^\"]+)\"|^(metadata\\.[a-z]+) |cannot be handled as a \\w+: ([a-z][A-Za-z0-9_.\\[\\]]*): ");

    private RefusedField() {}

    /** {@code file:line} of the field, or of the object if no field is named. */
    static String position(Manifest manifest, String refusal) {
        Matcher field = FIELD.matcher(refusal);
        if (!field.find()) {
            return manifest.position();
        }
        for (int group = 1; group <= field.groupCount(); group++) {
            if (field.group(group) instanceof String path) {
                return manifest.position(path);
            }
        }
        return manifest.position();
    }
}
