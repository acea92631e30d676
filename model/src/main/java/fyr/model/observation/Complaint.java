package fyr.model.observation;

/**
 * Why an object, or a part of it, is not applied as written.
 *
 * @param kind as in {@code kind:}, for example {@code Service}
 * @param name of the object, with its namespace if it has one: {@code shop/web}
 * @param field in Kubernetes' notation, such as {@code spec.podCIDRs[0]}
 * @param what is wrong with it, and the consequence
 */
public record Complaint(String kind, String name, String field, String what) implements Comparable<Complaint> {

    /** The object: {@code Service shop/web}. */
    public String object() {
        return kind + " " + name;
    }

    /** One line for people. */
    public String text() {
        return object() + ": " + field + ": " + what;
    }

    @Override
    public int compareTo(Complaint other) {
        return text().compareTo(other.text());
    }
}
