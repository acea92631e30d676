package fyr.cluster.client;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header Warning as Kubernetes uses it: {@code 299 - "text"}, several separated by commas (RFC 7234, section 5.5). */
final class WarningHeader {

    private static final Pattern WARNING = Pattern.compile("299 \\S+ \"((?:[^\"\\\\]|\\\\.)*+)\"");

    private WarningHeader() {}

    /** The texts without their quotes; anything that is not a warning is left out. */
    static List<String> texts(String header) {
        List<String> texts = new ArrayList<>();
        for (Matcher matcher = WARNING.matcher(header); matcher.find(); ) {
            texts.add(matcher.group(1).replaceAll("\\\\(.)", "$1"));
        }
        return texts;
    }
}
