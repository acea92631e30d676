package fyr.agent.command;

/** How a result is printed. */
public enum Format {
    /** For people. */
    TEXT,
    /** For programs. */
    JSON
}
