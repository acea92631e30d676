package fyr.cli.lab;

/** How a result is printed. */
public enum Format {
    TABLE,
    JSON
}
