package fyr.cluster.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the {@code status} of objects, and nothing else of them. Needs the verb {@code patch} on the subresource {@code RESOURCE/status}.
 *
 * <p>A status is a patch of the subresource, so that other fields of the status, and whoever writes them, stay. The patch names the object's
 * {@code uid}, so that no object of the same name gets the status of one that is gone; it names no resource version: a change of the spec
 * meanwhile is no reason not to say what was found ({@code observedGeneration} in the status tells which spec is meant), and agents that write
 * the same object would refuse each other's writes in turn. Safe on any thread.
 */
public final class StatusWriter {

    private static final int ATTEMPTS = 5;
    private static final int REMEMBERED = 1_024;

    private final ApiClient client;
    private final Duration pause;
    private final Map<Target, String> written = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Target, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** What became of a status. */
    public enum Outcome {
        /** The server has it now. */
        WRITTEN,
        /** It is what was written last; nothing was sent. */
        UNCHANGED,
        /** There is no such object any more. */
        GONE
    }

    /**
     * An object.
     *
     * @param path of the object, as {@code /apis/example.com/v1/namespaces/shop/widgets/w}
     */
    public record Target(String path, String uid) {}

    /** Waits for this time, doubled after each failure, before a write is repeated. */
    public StatusWriter(ApiClient client, Duration pause) {
        this.client = client;
        this.pause = pause;
    }

    /**
     * Writes a status, given as a JSON object. Repeats what fails for a reason that passes; throws {@link ApiException} for what the server
     * refuses and {@link UnreachableException} after the last attempt.
     */
    public Outcome write(Target target, String status) throws InterruptedException {
        return write(target, status, Patch.MERGE);
    }

    /**
     * The same as a patch of this kind. {@link Patch#STRATEGIC} keeps the conditions that others have written, which a merge patch would
     * replace; the API server offers it for its own kinds only.
     */
    public Outcome write(Target target, String status, Patch kind) throws InterruptedException {
        if (isKnown(target, status)) {
            return Outcome.UNCHANGED;
        }
        byte[] patch = ("{\"metadata\":{\"uid\":\"" + target.uid() + "\"},\"status\":" + status + "}")
                .getBytes(StandardCharsets.UTF_8);
        for (int attempt = 1; ; attempt++) {
            try {
                client.patch(target.path() + "/status", kind, patch);
                remember(target, status);
                return Outcome.WRITTEN;
            } catch (ApiException refused) {
                if (refused.notFound() || isOther(refused)) {
                    forget(target);
                    return Outcome.GONE;
                }
                if (attempt == ATTEMPTS || !isPassing(refused)) {
                    throw refused;
                }
                Thread.sleep(refused.retryAfter().orElse(Duration.ZERO).plus(pauseAfter(attempt)));
            } catch (UnreachableException lost) {
                if (attempt == ATTEMPTS) {
                    throw lost;
                }
                Thread.sleep(pauseAfter(attempt));
            }
        }
    }

    /** Writes the status again when it is written the next time: a watch has shown that somebody else has changed it. */
    public void forget(Target target) {
        synchronized (written) {
            written.remove(target);
        }
    }

    private boolean isKnown(Target target, String status) {
        synchronized (written) {
            return status.equals(written.get(target));
        }
    }

    private void remember(Target target, String status) {
        synchronized (written) {
            written.put(target, status);
        }
    }

    private Duration pauseAfter(int attempt) {
        return pause.multipliedBy(1L << (attempt - 1));
    }

    /** An object of the same name has another uid. */
    private static boolean isOther(ApiException refused) {
        return refused.conflict() && String.valueOf(refused.getMessage()).contains("UID in precondition");
    }

    private static boolean isPassing(ApiException refused) {
        return refused.conflict() || refused.status() == 429 || refused.status() >= 500;
    }
}
