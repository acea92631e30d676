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

    private int code;
    private String reason = "";
    private String message = "";
    private Optional<Duration> retryAfter = Optional.empty();

    private Status(int code) {
        this.code = code;
    }

    /** The exception that a body stands for; {@code code} is what it is called if the body has no code. Never throws. */
    public static ApiException read(int code, byte[] body) {
        Status status = new Status(code);
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                status.fields(json);
            }
        } catch (JacksonException e) {
            status.message = ""; // a proxy's page, or cut off: its text will do
        }
        return status.exception(body);
    }

    /** The exception that a watch event of type ERROR stands for, by its {@code object}. Never throws. */
    public static ApiException inEvent(byte[] line) {
        Status status = new Status(500);
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean object = json.currentName().equals("object");
                boolean opened = json.nextToken() == JsonToken.START_OBJECT;
                if (object && opened) {
                    status.fields(json);
                } else {
                    json.skipChildren();
                }
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
                retryAfter = Optional.of(Duration.ofSeconds(Math.clamp(json.getValueAsLong(0), 0, 600)));
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
