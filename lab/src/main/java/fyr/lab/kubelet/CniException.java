package fyr.lab.kubelet;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A CNI plugin said no: the code and message of its error object. */
final class CniException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The spec's code for "try again later". */
    static final int TRY_AGAIN_LATER = 11;

    private final int code;

    CniException(int code, String message) {
        super(message);
        this.code = code;
    }

    static CniException parse(String command, String answer) {
        try {
            JsonNode error = new JsonMapper().readTree(answer);
            String details = error.path("details").asString("");
            String message = error.path("msg").asString("") + (details.isEmpty() ? "" : ": " + details);
            return new CniException(error.path("code").asInt(999), "CNI " + command + ": " + message);
        } catch (JacksonException notJson) {
            return new CniException(999, "CNI " + command + " failed: " + answer.strip());
        }
    }

    int code() {
        return code;
    }
}
