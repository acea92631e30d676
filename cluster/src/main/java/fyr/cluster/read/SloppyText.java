package fyr.cluster.read;

import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Addresses as Kubernetes' validation of its older fields lets them pass: leading zeros count for nothing, where others would read octal
 * (k8s.io/utils/net, ParseIPSloppy and ParseCIDRSloppy: what Go itself did before 1.17).
 */
final class SloppyText {

    private static final Pattern LEADING_ZEROS = Pattern.compile("(?<![0-9A-Fa-f])0+(?=[0-9A-Fa-f])");

    private SloppyText() {}

    static <T> T parse(String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            String plain = LEADING_ZEROS.matcher(text).replaceAll("");
            if (plain.equals(text)) {
                throw e;
            }
            return parser.apply(plain);
        }
    }
}
