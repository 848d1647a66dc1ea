import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import probe.ControlPlaneApi;
import settings.Config;
import soak.SoakDir;

/**
 * Lists of 250 plans as the APIs of this world page them: all of them are listed, or the listing is not complete and
 * says by which field.
 */
class PagingTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private ControlPlaneApi api(RawHttpServer server, Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.putIfAbsent("CP_URL", "http://127.0.0.1:" + server.port());
        return new ControlPlaneApi(Config.of(new SoakDir(folder), all), Time.system());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("Dialects#understood")
    void every_plan_is_listed_once(Dialect dialect) throws Exception {
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, dialect::answer)) {
            ControlPlaneApi.Listing listing = api(server, dialect.settings).list(LIMIT);
            assertNull(listing.problem());
            assertTrue(listing.complete());
            assertEquals(dialect.plans, listing.count());
            assertEquals(dialect.plans, listing.timesListed().size());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("Dialects#named")
    void what_is_not_followed_is_named_and_the_listing_is_not_complete(Dialect dialect) throws Exception {
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, dialect::answer)) {
            ControlPlaneApi.Listing listing = api(server, dialect.settings).list(LIMIT);
            assertFalse(listing.complete(), listing.count() + " plans");
            for (String word : dialect.names.split(" ")) {
                assertTrue(listing.problem().contains(word), word + " is not in: " + listing.problem());
            }
        }
    }

    /** The product's scan is asked for without a limit: a foreign one may cut it off at a hundred. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("Dialects#understood")
    void every_stuck_plan_is_scanned_by_the_same_rules(Dialect dialect) throws Exception {
        if (dialect.limitParam.equals("limit")) {
            dialect.most = Math.min(dialect.most, 100);
        }
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, dialect::answer)) {
            ControlPlaneApi.StuckScan scan = api(server, dialect.settings).stuck(LIMIT);
            assertNull(scan.problem());
            assertEquals(dialect.plans, scan.planIds().size());
            assertEquals("200", scan.code());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("Dialects#named")
    void a_scan_that_is_not_followed_to_its_end_has_failed_and_names_the_field(Dialect dialect) throws Exception {
        if (dialect.name.startsWith("as long as asked for") || dialect.name.equals("CP_PAGING=link and no link")) {
            return; // nothing was asked for
        }
        dialect.most = Math.min(dialect.most, 100);
        dialect.limitParam = dialect.plans == Dialect.PLANS ? dialect.limitParam : "none";
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, dialect::answer)) {
            ControlPlaneApi.StuckScan scan = api(server, dialect.settings).stuck(LIMIT);
            assertFalse(scan.ok());
            assertEquals(List.of(), scan.planIds());
            assertNotNull(scan.problem());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 100})
    void a_scan_cut_off_by_a_default_that_a_larger_limit_lifts_is_named(int usual) throws Exception {
        Dialect silent = Dialect.of("silent", Dialect.Slice::plans);
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, request -> {
            silent.most = Integer.parseInt(request.query("limit", Integer.toString(usual)));
            return silent.answer(request);
        })) {
            ControlPlaneApi.StuckScan scan = api(server, Map.of()).stuck(LIMIT);
            assertFalse(scan.ok());
            assertTrue(scan.problem().contains(usual + " plans, as many as it may have"), scan.problem());
        }
    }

    /** Go leaves an empty list away where its field is marked "omitempty", and writes a bare one as null. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | true",
                "null | true",
                "{\"next_cursor\":\"\"} | true",
                "{\"total\":200,\"next_cursor\":null} | true",
                "{\"total\":201} | false",
                "{\"error\":\"no leader\"} | false",
                "{\"status\":\"degraded\"} | false",
                "{\"regions\":{}} | false",
                "0 | false",
            })
    void a_page_behind_the_last_plan_may_leave_its_list_away(String last, boolean complete) throws Exception {
        Dialect full = Dialect.of(
                        "full",
                        s -> s.from() == s.to()
                                ? last
                                : "{\"rollouts\":" + s.plans() + ",\"next_cursor\":\"" + s.token() + "\"}")
                .token("cursor")
                .plans(200);
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, full::answer)) {
            ControlPlaneApi.Listing listing = api(server, Map.of()).list(LIMIT);
            assertEquals(complete, listing.complete(), listing.problem());
            assertEquals(200, listing.count());
        }
    }

    @Test
    void a_single_short_page_without_a_word_is_taken_for_all_but_leaves_a_doubt() throws Exception {
        Dialect capped =
                Dialect.of("capped at 50 in silence", Dialect.Slice::plans).limit("limit", 50);
        Dialect said = Dialect.of("said", s -> "{\"plans\":" + s.plans() + ",\"has_more\":false}")
                .limit("none", 50)
                .plans(50);
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, capped::answer);
                RawHttpServer other = new RawHttpServer("127.0.0.1", 0, said::answer)) {
            ControlPlaneApi.Listing listing = api(server, Map.of()).list(LIMIT);
            assertTrue(listing.complete());
            assertTrue(listing.doubt().contains("CP_PAGING"), listing.doubt());
            assertNull(api(other, Map.of()).list(LIMIT).doubt());
        }
    }

    @Test
    void a_page_that_a_flag_calls_the_last_beside_a_cursor_that_brings_nothing_leaves_a_doubt() throws Exception {
        Dialect deaf = Dialect.of(
                        "deaf",
                        s -> "{\"plans\":" + s.plans() + ",\"done\":true,\"next_cursor\":" + s.quoted("c") + "}")
                .limit("none", 100);
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, deaf::answer)) {
            ControlPlaneApi.Listing listing = api(server, Map.of()).list(LIMIT);
            assertTrue(listing.complete());
            assertTrue(listing.doubt().startsWith("done says"), listing.doubt());
            assertTrue(listing.doubt().contains("next_cursor says that there is more"), listing.doubt());
        }
    }

    @Test
    void plans_that_come_while_the_pages_are_read_do_not_make_a_total_a_lie() throws Exception {
        Dialect growing = Dialect.of(
                        "growing",
                        s -> "{\"plans\":" + s.plans() + ",\"total\":" + s.of() + ",\"next_cursor\":\""
                                + (s.to() < Dialect.PLANS ? s.token() : "") + "\"}")
                .token("cursor");
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, request -> {
            growing.plans++;
            return growing.answer(request);
        })) {
            assertNull(api(server, Map.of()).list(LIMIT).problem());
        }
    }

    @ParameterizedTest
    @CsvSource({"150, 1, 1000", "150, 7, 1000", "250, 1, 1000", "250, 7, 1000", "250, 7, 100"})
    void what_each_page_repeats_of_the_one_before_it_is_listed_once(int plans, int shared, int most) throws Exception {
        Dialect overlapping = Dialect.of("overlapping", s -> {
                    int next = s.to() - shared;
                    return "{\"plans\":" + s.plans() + ",\"next_cursor\":\"" + (s.more() ? next : "") + "\"}";
                })
                .token("cursor")
                .plans(plans)
                .limit("limit", most);
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, overlapping::answer)) {
            ControlPlaneApi.Listing listing = api(server, Map.of()).list(LIMIT);
            assertNull(listing.problem());
            assertEquals(plans, listing.count());
            assertEquals(
                    List.of(),
                    listing.timesListed().entrySet().stream()
                            .filter(plan -> plan.getValue() != 1)
                            .toList());
            assertFalse(listing.twoPages());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 200})
    void a_plan_that_is_there_twice_where_a_page_ends_is_listed_twice(int plans) throws Exception {
        Dialect twice = Dialect.of(
                        "p99 twice",
                        s -> "{\"plans\":"
                                + IntStream.range(s.from(), s.to())
                                        .mapToObj(i -> "{\"plan_id\":\"p" + (i < 100 ? i : i - 1) + "\"}")
                                        .collect(Collectors.joining(",", "[", "]"))
                                + ",\"next_cursor\":\"" + (s.more() ? s.token() : "") + "\"}")
                .token("cursor")
                .plans(plans + 1);
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, twice::answer)) {
            ControlPlaneApi.Listing listing = api(server, Map.of()).list(LIMIT);
            assertNull(listing.problem());
            assertEquals(2, listing.timesListed().get("p99"));
            assertEquals(plans, listing.timesListed().size());
            assertEquals(plans + 1, listing.count());
        }
    }
}
