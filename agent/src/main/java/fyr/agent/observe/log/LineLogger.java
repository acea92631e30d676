package fyr.agent.observe.log;

import java.text.MessageFormat;
import java.util.Optional;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Writes entries to the error output of the process. */
record LineLogger(String name) implements System.Logger {

    @Override
    public String getName() {
        return name;
    }

    @Override
    public boolean isLoggable(Level level) {
        return level != Level.OFF && level.getSeverity() >= Level.INFO.getSeverity();
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable failure) {
        if (isLoggable(level)) {
            LineLoggers.write(System.err, level, name, text(bundle, message), Optional.ofNullable(failure));
        }
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object @Nullable ... parameters) {
        if (isLoggable(level)) {
            String pattern = text(bundle, format);
            LineLoggers.write(
                    System.err,
                    level,
                    name,
                    parameters == null || parameters.length == 0 ? pattern : filled(pattern, parameters),
                    Optional.empty());
        }
    }

    private static String text(@Nullable ResourceBundle bundle, @Nullable String message) {
        String key = String.valueOf(message);
        return bundle != null && bundle.containsKey(key) ? bundle.getString(key) : key;
    }

    private static String filled(String pattern, @Nullable Object[] parameters) {
        try {
            return MessageFormat.format(pattern, parameters);
        } catch (IllegalArgumentException noPattern) {
            return pattern; // a log line is better than none
        }
    }
}
