package fyr.cluster.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads {@code Status} objects (meta/v1), which is how the API server says no. */
public final class Status {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int LONGEST_TEXT = 200;
    private static final int LONGEST_PAUSE = 600;

    private int code;
    private String reason = "";
    private String message = "";
    private Optional<Duration> retryAfter = Optional.empty();

    private Status(int code) {
        this.code = code;
    }

    /**
     * The exception that a body stands for. Never throws.
     *
     * @param code what it is called if the body has no code
     * @param retryAfter the header Retry-After, which an overloaded kube-apiserver sends with a plain text (filters/maxinflight.go)
     */
    public static ApiException read(int code, Optional<String> retryAfter, byte[] body) {
        Status status = new Status(code);
        status.retryAfter = retryAfter.flatMap(Status::seconds);
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                status.fields(json);
            }
        } catch (JacksonException e) {
            status.message = ""; // a proxy's page, or cut off: its text will do
        }
        return status.exception(body);
    }

    /** Seconds; a date, which HTTP allows too (RFC 9110 section 10.2.3), is none that Kubernetes' own client heeds. */
    private static Optional<Duration> seconds(String header) {
        return header.matches("[0-9]{1,9}") ? Optional.of(limited(Long.parseLong(header))) : Optional.empty();
    }

    private static Duration limited(long seconds) {
        return Duration.ofSeconds(Math.clamp(seconds, 0, LONGEST_PAUSE));
    }

    /** The exception that a watch event of type ERROR stands for, by its {@code object}. Never throws. */
    public static ApiException inEvent(JsonParser json, byte[] line) {
        Status status = new Status(500);
        try {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                status.fields(json);
            }
        } catch (JacksonException e) {
            status.message = "";
        }
        return status.exception(line);
    }

    private void fields(JsonParser json) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "code" -> code = value == JsonToken.VALUE_NUMBER_INT ? json.getValueAsInt(code) : code;
                case "reason" -> reason = json.getValueAsString("");
                case "message" -> message = json.getValueAsString("");
                case "details" -> details(json);
                default -> json.skipChildren();
            }
        }
    }

    private void details(JsonParser json) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (field.equals("retryAfterSeconds")) {
                retryAfter = Optional.of(limited(json.getValueAsLong(0)));
            }
            json.skipChildren();
        }
    }

    private ApiException exception(byte[] body) {
        String text = message.isEmpty() ? firstLine(body) : message;
        return new ApiException(code, reason, text.isEmpty() ? "HTTP status " + code : text, retryAfter);
    }

    private static String firstLine(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, LONGEST_TEXT), StandardCharsets.UTF_8);
        return text.lines().findFirst().orElse("").strip();
    }
}
