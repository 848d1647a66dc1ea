package probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import soak.Config;
import soak.Json;
import soak.Time;

/**
 * The control plane as a round sees it. What is not known of a foreign one (names of arrays, of the cursor, null for
 * an empty list) is found out from its answers; what cannot be understood is a problem with words, never a guess.
 */
public final class ControlPlaneApi {
  /** Eight times what 14,400 plans in one answer take; a round's heap holds this one's bytes, text and tree at once. */
  private static final int MAX_BODY_BYTES = 16 * 1024 * 1024;
  private static final int PAGE_LIMIT = 100; // the plan's ?limit=100
  private static final List<String> LIST_KEYS = List.of("plans", "rollouts", "items", "rollout_plans", "results", "data");
  private static final List<String> STUCK_KEYS = List.of("stuck_plans", "diagnosis", "stuck", "stuck_rollouts", "plans", "rollouts", "items", "results", "data");
  private static final List<String> ID_KEYS = List.of("plan_id", "id", "rollout_id", "rollout_plan_id", "name");
  private static final List<String> CURSOR_KEYS = List.of("next_cursor", "nextCursor", "next_page_token", "nextPageToken", "next");
  /** A listing that repeats itself more often than this does not end by itself. */
  private static final int MAX_LISTED_PER_PLAN = 3;
  private static final int MAX_EMPTY_PAGES = 10;

  /**
   * The stuck scan.
   *
   * @param raw the answer's body as it came
   * @param ok HTTP 200 and a valid payload (VAL12-05)
   * @param planIds the stuck plans, oldest first; empty unless ok
   * @param since when they got stuck, of those of which it says a time that can be read
   * @param problem null if ok, else why not
   */
  public record StuckScan(String code, byte[] raw, boolean ok, List<String> planIds, Map<String, Instant> since, String problem) {
    /** Before there was one. */
    public static final StuckScan NONE = new StuckScan(HttpCall.NO_ANSWER, new byte[0], false, List.of(), Map.of(), "it did not run");
  }

  /**
   * The full listing.
   *
   * @param complete whether the paging reached its end
   * @param timesListed every plan id listed, with how often
   * @param count everything listed, repeats included
   * @param problem null if complete, else why not
   */
  public record Listing(boolean complete, Map<String, Integer> timesListed, int count, int pages, String problem) {}

  private final Config config;
  private final HttpCall http;

  public ControlPlaneApi(Config config, Time time) {
    this.config = config;
    this.http = new HttpCall(time, config.requestTimeout(), MAX_BODY_BYTES);
  }

  public HttpCall.Answer health() {
    return http.get(URI.create(config.cpUrl() + "/v1/health"));
  }

  /** One timed create; {@code body} is the whole JSON. */
  public HttpCall.Answer create(byte[] body) {
    return http.postJson(URI.create(config.cpUrl() + "/v1/rollouts"), body, "X-Autonomy-Operator: " + config.operator());
  }

  public HttpCall.Answer metrics() {
    return http.get(URI.create(config.metricsUrl()));
  }

  public StuckScan stuck() {
    HttpCall.Answer answer = http.get(URI.create(config.cpUrl() + "/v1/rollouts/stuck?threshold_seconds=" + config.stuckThresholdSeconds()));
    if (!answer.is(200)) {
      return new StuckScan(answer.code(), answer.body(), false, List.of(), Map.of(), answer.describe());
    }
    try {
      List<JsonNode> items = array(Json.parse(answer.text()), config.stuckKey(), STUCK_KEYS, "CP_STUCK_KEY");
      List<Stuck> stuck = new ArrayList<>();
      for (JsonNode item : items) {
        stuck.add(new Stuck(id(item), StuckSince.of(item).orElse(null)));
      }
      // What names no time keeps the control plane's own order.
      stuck.sort(Comparator.comparing(Stuck::since, Comparator.nullsFirst(Comparator.naturalOrder())));
      Map<String, Instant> since = new HashMap<>();
      stuck.stream().filter(plan -> plan.since != null).forEach(plan -> since.putIfAbsent(plan.planId, plan.since));
      return new StuckScan(answer.code(), answer.body(), true, stuck.stream().map(Stuck::planId).distinct().toList(), since, null);
    } catch (JsonProcessingException e) {
      return new StuckScan(answer.code(), answer.body(), false, List.of(), Map.of(), "the stuck scan is no valid JSON: " + firstLine(e));
    } catch (NotUnderstood e) {
      return new StuckScan(answer.code(), answer.body(), false, List.of(), Map.of(), e.getMessage());
    }
  }

  private record Stuck(String planId, Instant since) {}

  /**
   * Pages through GET /v1/rollouts until the cursor is empty.
   *
   * @param limit after so long no further page is asked for: 144 pages of half a minute each would outlast the interval
   */
  public Listing list(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    Map<String, Integer> times = new LinkedHashMap<>();
    Set<String> cursors = new HashSet<>();
    List<String> previousPage = List.of();
    String cursor = "";
    int count = 0;
    int pages = 0;
    int emptyPages = 0;
    while (true) {
      if (System.nanoTime() > deadline) {
        return new Listing(false, times, count, pages, "the listing was given up after " + limit.toSeconds() + " s and " + pages + " pages");
      }
      String query = "?limit=" + PAGE_LIMIT + (cursor.isEmpty() ? "" : "&" + config.cursorParam() + "=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8));
      HttpCall.Answer answer = http.get(URI.create(config.cpUrl() + "/v1/rollouts" + query));
      if (!answer.is(200)) {
        return new Listing(false, times, count, pages, "page " + (pages + 1) + ": " + answer.describe());
      }
      List<String> page = new ArrayList<>();
      try {
        JsonNode root = Json.parse(answer.text());
        for (JsonNode item : array(root, config.listKey(), LIST_KEYS, "CP_LIST_KEY")) {
          page.add(id(item));
        }
        cursor = cursor(root);
      } catch (JsonProcessingException e) {
        return new Listing(false, times, count, pages, "page " + (pages + 1) + " is no valid JSON: " + firstLine(e));
      } catch (NotUnderstood e) {
        return new Listing(false, times, count, pages, "page " + (pages + 1) + ": " + e.getMessage());
      }
      pages++;
      if (!page.isEmpty() && page.equals(previousPage)) {
        return new Listing(false, times, count, pages, "page " + pages + " repeats the page before it: is " + config.cursorParam() + " the cursor's name (CP_CURSOR_PARAM)?");
      }
      previousPage = page;
      count += page.size();
      page.forEach(id -> times.merge(id, 1, Integer::sum));
      if (cursor.isEmpty()) {
        return new Listing(true, times, count, pages, null);
      }
      if (!cursors.add(cursor)) {
        return new Listing(false, times, count, pages, "the cursor of page " + pages + " came before: the listing loops");
      }
      emptyPages = page.isEmpty() ? emptyPages + 1 : 0;
      if (emptyPages > MAX_EMPTY_PAGES || count > MAX_LISTED_PER_PLAN * times.size() + PAGE_LIMIT * MAX_EMPTY_PAGES) {
        return new Listing(false, times, count, pages, "the listing does not end: " + pages + " pages hold " + times.size() + " different plans");
      }
    }
  }

  /** The answer cannot be read as what it should be; the message says why and which key would help. */
  private static final class NotUnderstood extends Exception {
    NotUnderstood(String message) {
      super(message);
    }
  }

  /** The array under the configured name, a known one, or the only one there is; null stands for an empty one. */
  private static List<JsonNode> array(JsonNode root, String configured, List<String> known, String setting) throws NotUnderstood {
    if (root.isArray()) {
      return elements(root);
    }
    if (!root.isObject()) {
      throw new NotUnderstood("the answer is neither an object nor an array");
    }
    List<String> names = configured.isEmpty() ? known : List.of(configured);
    for (String name : names) {
      if (root.has(name) && (root.get(name).isArray() || root.get(name).isNull())) {
        return elements(root.get(name));
      }
    }
    if (!configured.isEmpty()) {
      throw new NotUnderstood("the answer has no array " + configured + " (" + setting + ")");
    }
    List<JsonNode> arrays = new ArrayList<>();
    List<JsonNode> nulls = new ArrayList<>();
    root.properties().forEach(field -> {
      if (field.getValue().isArray()) {
        arrays.add(field.getValue());
      } else if (field.getValue().isNull() && !CURSOR_KEYS.contains(field.getKey())) {
        nulls.add(field.getValue());
      }
    });
    if (arrays.size() == 1) {
      return elements(arrays.get(0));
    }
    if (arrays.isEmpty() && nulls.size() == 1) {
      return List.of();
    }
    throw new NotUnderstood("the answer has " + arrays.size() + " arrays and none of a known name: name the right one in " + setting);
  }

  private static List<JsonNode> elements(JsonNode array) {
    List<JsonNode> all = new ArrayList<>(array.size());
    array.forEach(all::add);
    return all;
  }

  private static String id(JsonNode item) throws NotUnderstood {
    if (item.isTextual()) {
      return item.asText();
    }
    for (String key : ID_KEYS) {
      if (item.path(key).isTextual() || item.path(key).isIntegralNumber()) {
        return item.get(key).asText();
      }
    }
    throw new NotUnderstood("a plan in the answer has no id (looked for " + String.join(", ", ID_KEYS) + ")");
  }

  private static String cursor(JsonNode root) throws NotUnderstood {
    for (String key : CURSOR_KEYS) {
      JsonNode value = root.path(key);
      if (value.isTextual() || value.isIntegralNumber()) {
        return value.asText();
      }
      if (value.isContainerNode() || value.isBoolean() || value.isFloatingPointNumber()) {
        throw new NotUnderstood(key + " is no text: " + value);
      }
    }
    return "";
  }

  private static String firstLine(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("unreadable");
  }
}
