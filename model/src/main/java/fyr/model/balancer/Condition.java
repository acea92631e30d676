package fyr.model.balancer;

/**
 * A condition of an object's status (meta/v1), without its times.
 *
 * @param holds whether its status is True
 */
public record Condition(String type, boolean holds, String reason, String message) implements Comparable<Condition> {

    @Override
    public int compareTo(Condition other) {
        return type.compareTo(other.type);
    }
}
