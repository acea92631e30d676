package fyr.cli.demo;

import fyr.agent.command.Format;
import fyr.agent.command.Output;
import fyr.cli.lab.WhichLab;
import fyr.lab.cluster.Interruption;
import fyr.lab.cluster.Lab;
import fyr.lab.cluster.LabException;
import fyr.lab.cluster.LabOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the main job in one command. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a three-node lab, checks the cluster network with real packets, and removes the lab.",
            "The lab has three nodes in two subnets and runs the shop with the policies of the article. The demo checks pods, Services, DNS "
                    + "names and policies. It exits with 0 only if every check succeeds."
        },
        footer = {"", "Example: fyr demo -o json"})
public final class DemoCommand implements Callable<Integer> {

    private static final int PODS = 12;

    @Mixin
    private Output output = new Output();

    @Option(
            names = "--control-plane",
            paramLabel = "WHICH",
            defaultValue = "embedded",
            description =
                    "Control plane of the lab: embedded, or kubernetes (the real programs, from $$FYR_PEERS) (default: ${DEFAULT-VALUE}).")
    private LabOptions.ControlPlane controlPlane = LabOptions.ControlPlane.EMBEDDED;

    @Option(
            names = "--examples",
            paramLabel = "DIR",
            description = "Directory of the manifests (default: examples of the checkout).")
    private Path examples = Path.of(System.getProperty("fyr.home", "target/fyr"))
            .resolve("../../examples")
            .normalize();

    private final long began = System.nanoTime();

    @Override
    public Integer call() throws InterruptedException {
        if (!Files.isDirectory(examples.resolve("shop"))) {
            throw new IllegalArgumentException("no manifests in " + examples + "; name their folder with --examples");
        }
        Lab lab = Lab.up(WhichLab.DEMO, new LabOptions(3, 2, controlPlane), System.err::println);
        try (Interruption interruption = new Interruption(() -> Lab.down(WhichLab.DEMO))) {
            Report report = prove(lab, interruption);
            System.out.print(output.format() == Format.JSON ? report.json() + "\n" : report.text());
            return report.holds() ? 0 : 1;
        }
    }

    /** When its lab ends, an interrupted demo can fail in many ways, and none of the errors says what happened. */
    private Report prove(Lab lab, Interruption interruption) throws InterruptedException {
        try (DemoLab demo = new DemoLab(lab)) {
            return run(demo);
        } catch (RuntimeException failure) {
            throw interruption.happened() ? new LabException("interrupted") : failure;
        } finally {
            Lab.down(WhichLab.DEMO);
            say("the lab is down");
        }
    }

    private Report run(DemoLab lab) throws InterruptedException {
        lab.apply(examples.resolve("shop"));
        lab.apply(examples.resolve("article/intense-worker.yaml"));
        lab.awaitPods(PODS);
        lab.awaitEndpoints("shop");
        say("the shop runs: " + lab.pods().size() + " pods");
        List<Section> sections = new ArrayList<>();
        Connectivity connectivity = new Connectivity(lab);
        List<Supplier<Section>> shown = List.of(
                connectivity::flatNetwork,
                connectivity::services,
                connectivity::names,
                connectivity::wayOut,
                connectivity::ownResolver);
        for (Supplier<Section> show : shown) {
            Section section = show.get();
            sections.add(section);
            say(section.title() + (section.holds() ? "" : ": WRONG"));
        }
        sections.addAll(policies(lab));
        return new Report(sections);
    }

    private List<Section> policies(DemoLab lab) {
        Path article = examples.resolve("article");
        Policies policies = new Policies(lab);
        policies.stage("no policy");
        policies.stage("deny all", article.resolve("default-deny-all.yaml"));
        policies.stage("allow: and", article.resolve("allow-frontend.yaml"));
        lab.delete(article.resolve("allow-frontend.yaml"));
        policies.stage("allow: or", article.resolve("allow-frontend-either.yaml"));
        List<Section> sections = List.of(policies.everywhere(), policies.database());
        sections.forEach(section -> say(section.title() + (section.holds() ? "" : ": WRONG")));
        return sections;
    }

    private void say(String step) {
        System.err.printf("%5.1f s  %s%n", (System.nanoTime() - began) / 1e9, step);
    }
}
