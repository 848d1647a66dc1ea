import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import probe.PrometheusText;

/** Scrapes as the two specifications have them: Prometheus' text format (0.0.4 and 1.0.0) and OpenMetrics 1.0. */
class PrometheusTextTest {
    /** FAMILY=VALUE of each sample. */
    private static List<String> read(String scrape) {
        List<String> samples = new ArrayList<>();
        assertEquals(
                Optional.empty(),
                PrometheusText.read(
                        scrape,
                        (family, value) ->
                                samples.add(family + "=" + (value.isPresent() ? value.getAsDouble() : "none"))),
                scrape);
        return samples;
    }

    @Test
    void the_example_of_the_specification_is_read() {
        String scrape = """
            # HELP http_requests_total The total number of HTTP requests.
            # TYPE http_requests_total counter
            http_requests_total{method="post",code="200"} 1027 1395066363000
            http_requests_total{method="post",code="400"}    3 1395066363000

            # Escaping in label values:
            msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} \
            1.458255915e9

            # Minimalistic line:
            metric_without_timestamp_and_labels 12.47

            # A weird metric from before the epoch:
            something_weird{problem="division by zero"} +Inf -3982045

            # A histogram, which has a pretty complex representation in the text format:
            http_request_duration_seconds_bucket{le="+Inf"} 144320
            http_request_duration_seconds_sum 53423
            """;
        assertEquals(
                List.of(
                        "http_requests_total=1027.0",
                        "http_requests_total=3.0",
                        "msdos_file_access_time_seconds=1.458255915E9",
                        "metric_without_timestamp_and_labels=12.47",
                        "something_weird=none",
                        "http_request_duration_seconds_bucket=144320.0",
                        "http_request_duration_seconds_sum=53423.0"),
                read(scrape));
        assertEquals(1030.0, PrometheusText.sum(scrape, "http_requests_total"));
        assertNull(PrometheusText.sum(scrape, "http_requests"), "a name is the whole name");
        assertNull(PrometheusText.sum(scrape, "something_weird"), "an infinite counter says nothing");
        assertNull(PrometheusText.sum(scrape, "cp_rollout_plans_total"), "a family that nobody has used yet is absent");
    }

    @Test
    void exemplars_seconds_and_eof_of_open_metrics_are_read() {
        String scrape = """
            # TYPE foo counter
            # UNIT foo seconds
            foo_total{a="b"} 17.0 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67
            foo_total{a="c # {x=\\"1\\"} 9"} 3 # {} 1e-3 1520879607.789
            foo_created 1520430000.123
            # EOF
            """;
        assertEquals(List.of("foo_total=17.0", "foo_total=3.0", "foo_created=1.520430000123E9"), read(scrape));
        assertEquals(20.0, PrometheusText.sum(scrape, "foo_total"));
    }

    @Test
    void commas_braces_quotes_blanks_and_hashes_within_label_values_end_nothing() {
        assertEquals(List.of("m=1.0", "m=2.0", "m=4.0", "m=8.0", "m=16.0", "m=32.0"), read("""
            m{a="}, b=\\"c\\" {"} 1
            m{a="x y  z",b="# no comment"} 2
            m{a="ends with a backslash \\\\"} 4
            m{a=""} 8
            m{a="ünï€ 世界 \uD83D\uDE00",} 16
            m{} 32
            """));
    }

    @Test
    void blanks_and_tabs_may_stand_between_all_tokens_and_lines_may_end_as_on_windows() {
        assertEquals(
                List.of("m=1.0", "m=2.0", "m=3.0"),
                read("\t m \t 1 \t\r\n  \r\n \t# a comment { \r\nm { a = \"b\" ,\tc= \"d\" } 2\t9 \r\nm{a=\"\r\"}3"));
    }

    @Test
    void names_beyond_the_old_letters_stand_in_quotes() {
        String scrape = """
            {"name.with.dot",a="b"} 1
            {"name.with.dot"} 2
            { "name.with.dot" , "label.with \\"quotes\\"" = "x" } 4
            cp_http_requests_total{"http.method"="GET"} 8
            {"cp_http_requests_total",code="200"} 16
            """;
        assertEquals(7.0, PrometheusText.sum(scrape, "name.with.dot"));
        assertEquals(24.0, PrometheusText.sum(scrape, "cp_http_requests_total"));
        assertEquals(5, read(scrape).size());
    }

    @Test
    void values_are_what_go_reads_as_a_float() {
        assertEquals(
                List.of(
                        "a=1.0",
                        "a=-0.5",
                        "a=12000.0",
                        "a=0.25",
                        "a=3.0",
                        "a=6.0",
                        "a=none",
                        "a=none",
                        "a=none",
                        "a=none",
                        "a=none",
                        "a:b=7.0"),
                read("a 1\n"
                        + "a -.5\n"
                        + "a +1.2e+4\n"
                        + "a 25E-2\n"
                        + "a 3.\n"
                        + "a 0x1.8p2\n"
                        + "a NaN\n"
                        + "a nan\n"
                        + "a +Inf\n"
                        + "a -inf\n"
                        + "a 1e999\n"
                        + "a:b 7\n"));
        assertEquals(List.of("_=1.0"), read("_ 1"), "the last line end may be missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "{\"a\": 1}",
                "m",
                "m{a=\"b\"}",
                "m{a=\"b\" 1",
                "m{a=b} 1",
                "m{a=\"b} 1",
                "m{a} 1",
                "m{a=\"b\"c=\"d\"} 1",
                "m{a=\"b\",,} 1",
                "m{,} 1",
                "m 1f",
                "m 1d",
                "m 0x10",
                "m 1_000",
                "m one",
                "m Infinityy",
                "m 1 now",
                "m 1 2 3",
                "m 1 # {a=\"b\"}",
                "m 1 # x 1",
                "9m 1",
                "m-n 1",
                "m.n 1",
                "{a=\"b\"} 1",
                "{\"m\",\"n\"} 1",
                "m{\"n\"} 1",
                "m{a=\"b\\",
                "m,1",
                "Mööp 1"
            })
    void what_is_neither_a_sample_nor_a_comment_is_named_with_its_line(String line) {
        Optional<String> problem = PrometheusText.problem("ok 1\n" + line + "\nok 2\n");
        assertEquals(Optional.of("line 2 is neither a sample nor a comment: " + line), problem);
        assertEquals(3.0, PrometheusText.sum("ok 1\n" + line + "\nok 2\n", "ok"), "the other lines are what they are");
    }

    @Test
    void a_text_without_a_sample_is_no_scrape() {
        assertEquals(Optional.of("it contains no sample"), PrometheusText.problem(""));
        assertEquals(Optional.of("it contains no sample"), PrometheusText.problem("# EOF\n\n"));
        assertTrue(PrometheusText.problem("x".repeat(1000)).orElseThrow().length() < 120);
    }
}
