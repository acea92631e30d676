package fyr.agent.observe.log;

/** How log entries are written. */
public enum LogFormat {
    /** {@code 2026-11-02T07:51:40.123Z WARNING cni: message}. */
    TEXT {
        @Override
        String line(LogEntry entry) {
            String failure = entry.failure().isEmpty() ? "" : ": " + OneLine.of(entry.failure());
            return entry.time() + " " + entry.level() + " " + OneLine.of(entry.component()) + ": "
                    + OneLine.of(entry.message()) + failure;
        }
    },
    /** An object with {@code time}, {@code level}, {@code component}, {@code message} and, if something failed, {@code failure}, a stack trace. */
    JSON {
        @Override
        String line(LogEntry entry) {
            String failure = entry.failure().isEmpty() ? "" : ",\"failure\":" + JsonString.of(entry.failure());
            return "{\"time\":\"" + entry.time() + "\",\"level\":\"" + entry.level() + "\",\"component\":"
                    + JsonString.of(entry.component()) + ",\"message\":" + JsonString.of(entry.message()) + failure
                    + "}";
        }
    };

    /** The entry on one line, without its end. */
    abstract String line(LogEntry entry);
}
