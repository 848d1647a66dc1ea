import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import base.Printable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What strangers wrote, as eyes may see it. */
class PrintableTest {
    @ParameterizedTest
    @CsvSource({
        "0x00", "0x07", "0x08", "0x0b", "0x0c", "0x0d", "0x1b", "0x7f", "0x80", "0x85", "0x9b", "0x9d", "0x61c",
        "0x200b", "0x200e", "0x200f", "0x2028", "0x2029", "0x202a", "0x202e", "0x2065", "0x2066", "0x2069", "0x034f",
        "0x115f", "0x17b4", "0x3164", "0xffa0", "0xfff0", "0xfeff", "0xfffe", "0xd800", "0xdc00"
    })
    void a_character_that_does_something_is_spelt_out(String code) {
        int c = Integer.decode(code);
        assertEquals(String.format("a\\u%04xb", c), Printable.text("a" + (char) c + "b"));
    }

    @Test
    void what_shows_something_stays_as_it_is() {
        String text = "über 世界 \uD83D\uDE00 א \u0645\u06cc\u200c\u062e \uD83D\uDC69\u200d\uD83D\uDD2C\n\ttab \\u001b";
        assertSame("plain ~ text\n", Printable.text("plain ~ text\n"));
        assertEquals(text, Printable.text(text));
        assertEquals("\\udb40\\udc41", Printable.text("\uDB40\uDC41"), "a letter that nobody sees");
        assertEquals("\\udb40\\udd00", Printable.text("\uDB40\uDD00"), "nor this one");
    }

    @Test
    void a_line_stays_one_and_is_cut_between_characters() {
        assertEquals("a b c d e", Printable.line(" a\r\nb\n\n c\td\u2028\u0085e\n"));
        assertEquals("abc", Printable.line("abc", 3));
        for (String sign : new String[] {"x", "ü", "世", "\uD83D\uDE00", "\u001b"}) {
            for (int most = 40; most < 60; most++) {
                String cut = Printable.line(sign.repeat(100), most);
                int bytes = cut.getBytes(StandardCharsets.UTF_8).length;
                assertTrue(bytes <= most && bytes > most - 4 && cut.endsWith("…"), most + ": " + cut);
                assertEquals(cut, new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void through_a_clean_writer_comes_nothing_else_however_it_is_written() {
        StringWriter to = new StringWriter();
        PrintWriter out = Printable.on(new PrintWriter(to));
        assertSame(out, Printable.on(out));
        out.printf("%s|", "\u001b]0;t\u0007");
        out.write('\u009b');
        out.append('\u202e').append("\r|");
        out.write("\uD83D");
        out.write("\uDE00".toCharArray());
        out.println();
        new IllegalStateException("bell \u0007").printStackTrace(out);
        assertTrue(
                to.toString()
                        .startsWith("\\u001b]0;t\\u0007|\\u009b\\u202e\\u000d|\uD83D\uDE00\n"
                                + "java.lang.IllegalStateException: bell \\u0007\n\tat "),
                to.toString());
        Printable.behind(out).print("\u001b[0m");
        assertTrue(to.toString().endsWith("\u001b[0m"), "our own signs go behind it");
    }

    @Test
    void json_says_the_same_without_the_raw_character() throws Exception {
        String hostile = "\u0000\u001b[31m\u009b\u202e\u2028\uFEFF\"\\é";
        String written = Json.write(java.util.Map.of("k\u202e", hostile));
        assertEquals(written, Printable.text(written));
        assertEquals(hostile, Json.parse(written).get("k\u202e").asText());
    }
}
