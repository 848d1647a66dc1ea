import base.Json;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How a foreign control plane shows its plans: the listing and the stuck scan, as the switches want them. */
final class ForeignLists {
    /** Names that people gave: whatever JSON holds. */
    private static final List<String> ODD =
            List.of("%d ", " %d", "a\n%d", "\"%d\"", "\u202e%d", "\ud800%d", "%d exit=1 ms=2");

    private final ForeignSwitches switches;
    private final ForeignStore store;

    ForeignLists(ForeignSwitches switches, ForeignStore store) {
        this.switches = switches;
        this.store = store;
    }

    /** The id as it comes back. */
    String shown(ForeignStore.Plan plan) {
        return switch (switches.value("id_as", "")) {
            case "upper" -> plan.id().toUpperCase(java.util.Locale.ROOT);
            case "blank" -> " " + plan.id() + " ";
            case "encoded" -> plan.id().replace("-", "%2D");
            case "own" -> "srv-" + plan.seq();
            case "again" -> "srv-" + plan.seq() % 15;
            case "odd" -> ODD.get((int) (plan.seq() % ODD.size())).formatted(plan.seq());
            default -> plan.id();
        };
    }

    ObjectNode json(ForeignStore.Plan plan) {
        return (ObjectNode) Json.MAPPER
                .createObjectNode()
                .put(switches.value("id_key", "plan_id"), shown(plan))
                .put("phase", plan.phase())
                .put("updated_at", plan.updated().toString())
                .set(
                        "labels",
                        Json.MAPPER
                                .createObjectNode()
                                .put("name", switches.value("id_as", "").equals("own") ? plan.id() : "none"));
    }

    private void put(ObjectNode page, String key, ArrayNode array) {
        if (array.isEmpty() && switches.value("empty", "null").equals("null")) {
            page.putNull(key);
        } else {
            page.set(key, array);
        }
    }

    /** The answer to {@code GET /v1/rollouts/ID}; no plan of this kind is asked for by id unless by_id says so. */
    RawHttpServer.Answer byId(String id) {
        ForeignStore.Plan plan = store.plan(id);
        String form = switches.value("by_id", "");
        if (form.equals("echo")) {
            return RawHttpServer.Answer.json(200, "{\"plan_id\":\"" + id + "\"}");
        }
        if (form.equals("later")) {
            return ForeignControlPlane.problem(503, "not now");
        }
        if (form.equals("fails") && plan == null) {
            return ForeignControlPlane.problem(500, "no such plan");
        }
        if (form.isEmpty() || plan == null) {
            return RawHttpServer.Answer.json(404, "{\"error\":\"nothing here\"}");
        }
        if (form.equals("busy") && plan.seq() % 2 == 0) {
            return RawHttpServer.Answer.json(429, "{\"error\":\"too many requests\"}");
        }
        ObjectNode told = json(plan);
        if (form.equals("deleted")) {
            told.put("deletedAt", "2026-01-01T00:00:00Z");
        } else if (form.equals("never deleted")) { // as Go writes a time that was never set, and databases do
            told.put("deletedAt", "0001-01-01T00:00:00Z")
                    .put("deleted_on", 0)
                    .put("removed_at", "1970-01-01T00:00:00.000Z")
                    .put("purged_at", false);
        }
        ObjectNode answer = Json.MAPPER.createObjectNode().set("rollout", told);
        return RawHttpServer.Answer.json(200, answer.toString());
    }

    String stuck(long threshold, int from) {
        synchronized (store) {
            return stuckOf(threshold, from);
        }
    }

    private String stuckOf(long threshold, int from) {
        Instant now = Instant.now();
        int forced = Integer.parseInt(switches.value("stuck_plans", "0"));
        List<ForeignStore.Plan> found = new ArrayList<>();
        for (ForeignStore.Plan plan : store.all()) {
            boolean forcedOne = plan.phase().equals("published") && forced-- > 0;
            boolean old = List.of("published", "active").contains(plan.phase())
                    && plan.updated()
                            .plusSeconds(Math.max(threshold, plan.grace()))
                            .isBefore(now);
            if (forcedOne || old) {
                found.add(0, plan);
            }
        }
        ArrayNode array = Json.MAPPER.createArrayNode();
        int most = Integer.parseInt(switches.value("stuck_page_max", "1000000"));
        for (ForeignStore.Plan plan :
                found.subList(Math.min(from, found.size()), Math.min(found.size(), from + most))) {
            array.add(json(plan)
                    .put("current_stage_id", "s1")
                    .put("stuck_since", plan.updated().toString())
                    .put("stuck_reason", "no promotion"));
        }
        ObjectNode answer = Json.MAPPER.createObjectNode();
        put(answer, switches.value("stuck_key", "diagnosis"), array);
        if (from + most < found.size()) {
            answer.putObject("meta").put("next", from + most);
        }
        return answer.put("scanned", store.all().size()).toString();
    }

    String list(int limit, String token) {
        synchronized (store) {
            return listOf(limit, token);
        }
    }

    private String listOf(int limit, String token) {
        int size = Math.min(limit, Integer.parseInt(switches.value("page_max", "50")));
        String trick = switches.value("cursor", "");
        long below = token.isEmpty() || !trick.isEmpty()
                ? Long.MAX_VALUE
                : Long.parseLong(token.substring("before-".length()));
        boolean spoilt = !switches.has("for_listings")
                || (token.isEmpty()
                        ? switches.countsDown("for_listings") != 0
                        : !switches.value("for_listings", "").equals("0"));
        int hidden = spoilt ? Integer.parseInt(switches.value("lose", "0")) : 0;
        int twice = spoilt ? Integer.parseInt(switches.value("duplicate", "0")) : 0;
        ArrayNode array = Json.MAPPER.createArrayNode();
        long last = Long.MAX_VALUE;
        int at = store.all().size() - 1;
        for (; at >= hidden && array.size() < size; at--) {
            ForeignStore.Plan plan = store.all().get(at);
            if (plan.seq() < below) {
                array.add(json(plan));
                last = plan.seq();
                if (at >= store.all().size() - twice) {
                    array.add(json(plan));
                }
            }
        }
        if (trick.equals("endless") && !token.isEmpty()) {
            array.removeAll();
        }
        boolean more = at >= hidden;
        String next = switch (trick) {
            case "loop" -> "again";
            case "repeat", "endless" -> "page-" + System.nanoTime();
            default -> more ? "before-" + (switches.has("inclusive") ? last + 1 : last) : "";
        };
        ObjectNode page = Json.MAPPER.createObjectNode();
        put(page, switches.value("list_key", "items"), array);
        switch (switches.value("no_total", "")) {
            case "" ->
                page.put(
                        "total",
                        store.all().size() - Math.min(hidden, store.all().size()));
            case "page" -> page.put("total", array.size());
            default -> {}
        }
        String lastCursor = switches.value("last_cursor", "\"\"");
        if (!next.isEmpty() || lastCursor.equals("\"\"")) {
            page.put("next_cursor", next);
        } else if (lastCursor.equals("null")) {
            page.putNull("next_cursor");
        }
        return page.toString();
    }
}
