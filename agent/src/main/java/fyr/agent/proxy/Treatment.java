package fyr.agent.proxy;

/** What the agent does with a field of the configuration. */
public enum Treatment {
    /** It does what the field says. */
    HONOURED("honoured"),
    /** It will, but does not yet. */
    NOT_YET("not supported yet"),
    /** The field has no meaning here. */
    NOT_APPLICABLE("not applicable"),
    /** kube-proxy 1.37 does not know the field either. */
    UNKNOWN("unknown field");

    private final String text;

    Treatment(String text) {
        this.text = text;
    }

    /** As it stands in messages and documents. */
    public String text() {
        return text;
    }
}
