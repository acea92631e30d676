package fyr.bench.figures;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a process has used so far, from /proc (proc(5)): for an API server that is the cost of its clients. */
public record ServerProcess(long id) {

    private static final int TICKS = 100; // USER_HZ of all architectures that Fyr runs on
    private static final Pattern WRITTEN = Pattern.compile("(?m)^wchar: ([0-9]+)$");

    /**
     * @param milliseconds of processor time, user and system
     * @param bytes that it wrote, to sockets too
     */
    public record Usage(long milliseconds, long bytes) {
        public Usage minus(Usage before) {
            return new Usage(milliseconds - before.milliseconds, bytes - before.bytes);
        }
    }

    public Usage now() {
        String[] fields =
                Machine.read("/proc/" + id + "/stat").replaceFirst(".*\\) ", "").split(" ");
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        long written = WRITTEN.matcher(Machine.read("/proc/" + id + "/io"))
                .results()
                .findFirst()
                .map(MatchResult::group)
                .map(line -> Long.parseLong(line.substring("wchar: ".length())))
                .orElse(0L);
        return new Usage(ticks * 1000 / TICKS, written);
    }
}
