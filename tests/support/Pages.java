import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pages that people read, in Markdown. */
final class Pages {
    private static final Pattern SPAN = Pattern.compile("`([^`\\n]+)`");

    /**
     * A fenced block.
     *
     * @param language what stands behind the fence; "" where nothing does
     * @param line of the fence in its page, from 1
     */
    record Block(Path page, int line, String language, String text) {
        @Override
        public String toString() {
            return name(page) + " line " + line;
        }
    }

    private Pages() {}

    static List<Path> all() {
        List<Path> pages = new ArrayList<>();
        for (String page : List.of(
                "README.md", "HACKING.md", "CHANGELOG.md", "scenarios/README.md", "sql/README.md", "bench/README.md")) {
            pages.add(Project.folder(page));
        }
        pages.addAll(docs());
        return pages;
    }

    static List<Path> docs() {
        try (Stream<Path> files = Files.list(Project.folder("docs"))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String name(Path page) {
        return Project.folder("").relativize(page).toString();
    }

    static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Block> blocks(Path page) {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = text(page).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("```")) {
                int begin = i;
                StringBuilder text = new StringBuilder();
                while (!lines.get(++i).equals("```")) {
                    text.append(lines.get(i)).append('\n');
                }
                blocks.add(new Block(page, begin + 1, lines.get(begin).substring(3), text.toString()));
            }
        }
        return blocks;
    }

    static List<Block> blocks(String language) {
        return all().stream()
                .flatMap(page -> blocks(page).stream())
                .filter(block -> block.language.equals(language))
                .toList();
    }

    /** What stands outside of the fenced blocks. */
    static String prose(Path page) {
        return text(page).replaceAll("(?ms)^```.*?^```$", "");
    }

    /** What stands in `backticks` outside of the fenced blocks. */
    static List<String> spans(Path page) {
        Matcher span = SPAN.matcher(prose(page));
        List<String> spans = new ArrayList<>();
        while (span.find()) {
            spans.add(span.group(1));
        }
        return spans;
    }
}
