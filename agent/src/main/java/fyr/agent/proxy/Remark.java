package fyr.agent.proxy;

/**
 * What the agent does with a field that the configuration sets.
 *
 * @param field its path, as in {@code ipvs.strictARP}
 * @param position where it stands, {@code file:line}
 * @param consequence what follows from it; empty if the field is honoured
 */
public record Remark(String field, Treatment treatment, String position, String consequence) {

    /** One line for people. */
    public String text() {
        return field + ": " + treatment.text() + (consequence.isEmpty() ? "" : ": " + consequence);
    }
}
