package fyr.cluster.read;

import fyr.model.balancer.Condition;

/** meta/v1 Condition. */
final class ConditionBody {

    private String type = "";
    private String status = "";
    private String reason = "";
    private String message = "";

    private ConditionBody() {}

    static Condition read(JsonCursor json) {
        ConditionBody body = new ConditionBody();
        json.object(field -> body.field(field, json));
        return new Condition(body.type, body.status.equals("True"), body.reason, body.message);
    }

    private void field(String field, JsonCursor json) {
        switch (field) {
            case "type" -> type = json.text();
            case "status" -> status = json.text();
            case "reason" -> reason = json.text();
            case "message" -> message = json.text();
            default -> json.skip();
        }
    }
}
