package fyr.cluster.manifest;

import fyr.cluster.yaml.ShallowComposer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Parses YAML streams of any number of documents to trees, with the line on which each begins. */
final class YamlText {

    static final int LONGEST = 64 << 20;

    private YamlText() {}

    static List<Manifest> read(Document document) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(document.file())
                .setSchema(new CoreSchema())
                .setCodePointLimit(LONGEST)
                .setMaxAliasesForCollections(200)
                .build();
        List<Manifest> manifests = new ArrayList<>();
        try {
            Composer documents = new ShallowComposer(settings, document.text());
            while (documents.hasNext()) {
                Node node = documents.next();
                int line = line(node.getStartMark()) + document.line() - 1;
                Manifests.add(new YamlTree(document).value(node, 0), document.file(), line, manifests);
            }
        } catch (MarkedYamlEngineException e) {
            throw document.error(line(e.getProblemMark()), "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw document.error(
                    1,
                    "not YAML: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        return manifests;
    }

    static int line(Optional<Mark> mark) {
        return mark.map(m -> m.getLine() + 1).orElse(1);
    }
}
