package fyr.cluster.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** YAML streams of any number of documents to trees, with the line each begins on. */
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
            Composer documents =
                    new Shallow(settings, new ParserImpl(settings, new StreamReader(settings, document.text())));
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

    /** The library's composer calls itself for every level; this one gives up before the stack does. */
    private static final class Shallow extends Composer {
        private int depth;

        Shallow(LoadSettings settings, ParserImpl parser) {
            super(settings, parser);
        }

        @Override
        protected SequenceNode composeSequenceNode(Optional<Anchor> anchor) {
            enter();
            SequenceNode node = super.composeSequenceNode(anchor);
            depth--;
            return node;
        }

        @Override
        protected Node composeMappingNode(Optional<Anchor> anchor) {
            enter();
            Node node = super.composeMappingNode(anchor);
            depth--;
            return node;
        }

        private void enter() {
            if (++depth > YamlTree.DEEPEST) {
                throw new YamlEngineException("more than " + YamlTree.DEEPEST + " levels deep");
            }
        }
    }
}
