package fyr.apiserver.http;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The order of versions of a group (kubernetes.io: Versions in CustomResourceDefinitions, "Version priority"): v2, v1, v1beta2, v1alpha1, others by name. */
final class VersionOrder {
    private static final Pattern VERSION = Pattern.compile("v(\\d{1,9})(?:(alpha|beta)(\\d{1,9}))?");

    /** The preferred version first. */
    static final Comparator<String> BEST_FIRST = Comparator.comparingInt(VersionOrder::stability)
            .thenComparing(Comparator.comparingInt((String version) -> number(version, 1))
                    .reversed())
            .thenComparing(Comparator.comparingInt((String version) -> number(version, 3))
                    .reversed())
            .thenComparing(Comparator.naturalOrder());

    private VersionOrder() {}

    private static int stability(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            return 3;
        }
        return matcher.group(2) == null ? 0 : matcher.group(2).equals("beta") ? 1 : 2;
    }

    private static int number(String version, int group) {
        Matcher matcher = VERSION.matcher(version);
        return matcher.matches() && matcher.group(group) != null ? Integer.parseInt(matcher.group(group)) : 0;
    }
}
