package fyr.apiserver;

import fyr.apiserver.object.Json;
import fyr.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Generates trees that resemble manifests and patches, and texts that resemble selectors. */
final class RandomJson {
    private static final List<String> WORDS = words();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private RandomJson() {}

    private static List<String> words() {
        List<String> words = new ArrayList<>(List.of(
                "$patch",
                "$setElementOrder/ports",
                "$deleteFromPrimitiveList/finalizers",
                "$retainKeys",
                "delete",
                "replace",
                "web",
                "",
                "10.0.0.0/8",
                "fd00::1",
                "None",
                "op",
                "path",
                "value",
                "from",
                "/spec",
                "/spec/ports/0",
                "/-",
                "add",
                "remove",
                "move",
                "copy",
                "test",
                "25%"));
        for (String type : List.of(
                "Service",
                "ServiceSpec",
                "ServicePort",
                "PodSpec",
                "Container",
                "ObjectMeta",
                "NetworkPolicySpec",
                "DeploymentSpec")) {
            words.addAll(Schema.instance().fields(type).keySet());
        }
        return words;
    }

    private static String word(SplittableRandom random) {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    static JsonNode tree(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextLong());
            case 3 -> NODES.numberNode(random.nextInt(-2, 70_000));
            case 4, 5 -> NODES.stringNode(word(random));
            case 6 -> {
                var list = Json.array();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(tree(random, depth - 1));
                }
                yield list;
            }
            default -> {
                var object = Json.object();
                for (int i = random.nextInt(6); i > 0; i--) {
                    object.set(word(random), tree(random, depth - 1));
                }
                yield object;
            }
        };
    }

    static String mutated(String text, SplittableRandom random) {
        StringBuilder result = new StringBuilder(text);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(result.length());
            result.replace(
                    at, Math.min(result.length(), at + random.nextInt(4)), random.nextBoolean() ? word(random) : "\"");
        }
        return result.toString();
    }

    /** Returns a percent-encoded text. */
    static String query(SplittableRandom random) {
        String letters = "ab!=,() <>in";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(String.format("%%%02x", (int) letters.charAt(random.nextInt(letters.length()))));
        }
        return random.nextInt(3) == 0 ? text.toString() : "";
    }
}
