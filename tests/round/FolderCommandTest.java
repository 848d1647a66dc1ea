import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import command.FolderCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import soak.SoakDir;

/** A line that is a folder alone is run without the option parser, and nobody can tell. */
class FolderCommandTest {
    private static final List<Supplier<FolderCommand>> COMMANDS = List.of(round::new, setup::new);

    @TempDir
    Path folder;

    @Test
    void a_folder_above_a_link_is_the_one_that_every_other_program_finds_there() throws Exception {
        Path far = Files.createDirectories(folder.resolve("far/away"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), far);
        Path soak = Files.createDirectories(link.resolve("../soak"));
        assertEquals(soak.toRealPath(), new SoakDir(soak).root().toRealPath());
        assertEquals(folder.resolve("x"), new SoakDir(folder.resolve("y/../x/./")).root());
        assertEquals(link.resolve("x"), new SoakDir(link.resolve("y/../x")).root(), "a link stays as it was given");
        assertEquals(Path.of("/"), new SoakDir(Path.of("/..")).root());
    }

    @Test
    void a_folder_alone_says_and_does_what_the_parser_makes_of_it() {
        for (Supplier<FolderCommand> command : COMMANDS) {
            String gone = folder.resolve("gone\n/x").toString();
            String direct = run(command.get(), gone);
            assertEquals(run(command.get(), "--", gone), direct);
            assertEquals(Exit.USAGE + " ", direct.substring(0, 3), direct);
        }
    }

    @Test
    void what_is_no_path_is_told_by_the_parser() {
        for (Supplier<FolderCommand> command : COMMANDS) {
            String told = run(command.get(), "no\0path");
            assertEquals(run(command.get(), "--", "no\0path"), told);
            assertTrue(told.startsWith(Exit.USAGE + " ") && told.endsWith("(see --help)\n"), told);
        }
    }

    @Test
    void a_second_argument_is_the_parsers() {
        for (Supplier<FolderCommand> command : COMMANDS) {
            assertEquals(
                    Exit.USAGE + " " + command.get().getClass().getSimpleName()
                            + ": Unmatched argument at index 1: 'b' (see --help)\n",
                    run(command.get(), "a", "b"));
        }
    }

    /** It would be in none of the lines that the parser does not see. */
    @Test
    void no_value_comes_from_the_parser_alone() {
        for (Supplier<FolderCommand> command : COMMANDS) {
            CommandLine line = new CommandLine(command.get());
            for (ArgSpec arg : line.getCommandSpec().args()) {
                assertNull(arg.defaultValue(), arg::toString);
            }
        }
    }

    private static String run(FolderCommand command, String... args) {
        Fork.Result ran = Fork.here(command, args);
        return ran.exit() + " " + ran.out() + ran.err();
    }
}
