package fyr.bench.figures;

import fyr.agent.command.Format;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a measurement found, printed as it comes or, as JSON, at the end. For one thread. */
public final class Report {

    private final String title;
    private final Format format;
    private final Machine before = Machine.here();
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    public Report(String title, Format format) {
        this.title = title;
        this.format = format;
        text(title + "\n" + before + "\n" + Figure.head());
    }

    private void text(String line) {
        if (format == Format.TEXT) {
            System.out.println(line);
        }
    }

    public Report add(Figure figure) {
        figures.add(figure);
        text(figure.line());
        return this;
    }

    /** Something in words, such as what could not be measured and why. */
    public Report remark(String text) {
        remarks.add(text);
        text(text);
        return this;
    }

    /** Lines that repeat figures in another order; JSON does not need them. */
    public void block(String lines) {
        text(lines);
    }

    /** Ends the report. */
    public void finish() {
        Machine after = Machine.here();
        text("load average at the end " + after.loadAverage());
        if (format == Format.JSON) {
            System.out.println(json(after).toPrettyString());
        }
    }

    private ObjectNode json(Machine after) {
        ObjectNode report = JsonMapper.shared().createObjectNode().put("title", title);
        report.putObject("machine")
                .put("cores", before.cores())
                .put("kernel", before.kernel())
                .put("java", before.java())
                .put("loadAverageBefore", before.loadAverage())
                .put("loadAverageAfter", after.loadAverage());
        ArrayNode list = report.putArray("figures");
        figures.forEach(figure -> json(figure, list.addObject()));
        remarks.forEach(report.putArray("remarks")::add);
        return report;
    }

    private static void json(Figure figure, ObjectNode node) {
        Samples samples = figure.samples();
        node.put("name", figure.name())
                .put("unit", figure.unit())
                .put("n", samples.count())
                .put("min", samples.least() / figure.scale())
                .put("p50", samples.median() / figure.scale())
                .put("p99", samples.percentile(99) / figure.scale())
                .put("max", samples.most() / figure.scale())
                .put("note", figure.note());
        figure.ratio().ifPresent(ratio -> node.put("ratio", ratio));
    }
}
