package fyr.cluster.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a text between lines that begin with three dashes or dots (YAML 1.2, section 9.1): one document, or several of JSON.
 *
 * @param line the number of its first line in the file, from 1
 */
record Document(String text, String file, int line) {

    /** All pieces of a text. Directives ({@code %YAML 1.2}) stay with the document that they belong to. */
    static List<Document> of(String text, String file) {
        List<Document> documents = new ArrayList<>();
        int begin = 0;
        int beginLine = 1;
        int line = 1;
        boolean content = false;
        for (int at = 0; at < text.length(); line++) {
            int end = text.indexOf('\n', at);
            int next = end < 0 ? text.length() : end + 1;
            boolean begins = isMark("---", text, at);
            boolean ends = isMark("...", text, at);
            int division = ends ? next : at;
            if (ends || begins && content) {
                documents.add(new Document(text.substring(begin, division), file, beginLine));
                begin = division;
                beginLine = ends ? line + 1 : line;
            }
            content = !ends && (begins || content || !isEmptyOrDirective(text, at, next));
            at = next;
        }
        documents.add(new Document(text.substring(begin), file, beginLine));
        return documents;
    }

    private static boolean isMark(String mark, String text, int at) {
        return text.startsWith(mark, at) && (at + 3 == text.length() || text.charAt(at + 3) <= ' ');
    }

    private static boolean isEmptyOrDirective(String text, int from, int to) {
        return from == to
                || "%#".indexOf(text.charAt(from)) >= 0
                || text.substring(from, to).isBlank();
    }

    List<Manifest> manifests() {
        int start = start();
        if (start == text.length() || text.charAt(start) != '{') {
            return YamlText.read(this);
        }
        int skipped =
                (int) text.substring(0, start).chars().filter(c -> c == '\n').count();
        try {
            return JsonText.read(new Document(text.substring(start), file, line + skipped));
        } catch (ManifestException notJson) {
            return flow(notJson);
        }
    }

    /** Of two complaints about one text, the one from further down says more. */
    private List<Manifest> flow(ManifestException notJson) {
        try {
            return YamlText.read(this);
        } catch (ManifestException notYaml) {
            throw notYaml.line() > notJson.line() ? notYaml : notJson;
        }
    }

    /** Where the content begins: after the dashes, blanks and comments. */
    private int start() {
        int at = text.startsWith("---") ? 3 : 0;
        while (at < text.length() && (text.charAt(at) == '#' || Character.isWhitespace(text.charAt(at)))) {
            int end = text.indexOf('\n', at);
            at = text.charAt(at) != '#' ? at + 1 : end < 0 ? text.length() : end;
        }
        return at;
    }

    ManifestException error(int lineInText, String what) {
        return new ManifestException(file, line + lineInText - 1, what);
    }
}
