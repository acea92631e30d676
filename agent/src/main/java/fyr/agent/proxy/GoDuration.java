package fyr.agent.proxy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations in the notation of Go's {@code time.ParseDuration}: {@code 30s}, {@code 1h30m}, {@code -1.5h}, {@code 0}. */
final class GoDuration {

    private static final Map<String, Long> NANOSECONDS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "\u00b5s", 1_000L,
            "\u03bcs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    /** Longer texts are no durations; the limit keeps hostile ones from costing time. */
    private static final int LONGEST = 64;

    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final Pattern PART = Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)");

    private GoDuration() {}

    /** The duration; empty if the text is none, or does not fit into 64 bits of nanoseconds. */
    static Optional<Duration> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        boolean negative = text.startsWith("-");
        String unsigned = negative || text.startsWith("+") ? text.substring(1) : text;
        if (unsigned.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Matcher part = PART.matcher(unsigned);
        BigDecimal sum = BigDecimal.ZERO;
        int end = 0;
        while (end < unsigned.length() && part.find(end) && part.start() == end) {
            String digits = part.group(1);
            sum = sum.add(new BigDecimal(digits.endsWith(".") ? digits + "0" : digits)
                    .multiply(BigDecimal.valueOf(NANOSECONDS.getOrDefault(part.group(2), 0L))));
            end = part.end();
        }
        if (end == 0 || end < unsigned.length() || sum.compareTo(MOST) > 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(negative ? -sum.longValue() : sum.longValue()));
    }
}
