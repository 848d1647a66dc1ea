package workload;

import base.Json;
import base.Printable;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import probe.HttpCall;
import soak.RoundFiles;

/**
 * By what a control plane is known again (contract, section 5, "Another control plane"): {@code instance}, what its
 * health answer calls itself; {@code server}, the product that its Server header names; {@code program} and
 * {@code process} of whoever listens at CP_URL, where that is this host, and which build that process runs
 * ({@link #with}). What is not known is not in it.
 */
public record CpIdentity(Map<String, String> parts) {
    public static final String FIELD = "cp_identity";
    private static final String INSTANCE = "instance";
    private static final String SERVER = "server";
    private static final String PROGRAM = "program";
    private static final String PROCESS = "process";
    /** Of the process: which build it runs, as {@code Supervisor.build} tells it. */
    private static final List<String> BUILD = List.of("program_sha256", "jar", "jar_sha256", "version");
    /** The widest first: of a cluster each answer may come from another instance. */
    private static final List<String> INSTANCE_KEYS =
            List.of(("cluster_id clusterId instance_id instanceId server_id serverId node_id nodeId instance" + " uuid")
                    .split(" "));

    private static final int LONGEST = 200;

    /** @param round the round that saw it together with the soak's plans */
    public record Seen(CpIdentity identity, String round) {}

    /** @param listener what /proc tells of the process that listens */
    public static CpIdentity of(HttpCall.Answer health, Map<String, String> listener) {
        Map<String, String> parts = new LinkedHashMap<>();
        if (health.is(200)) {
            instance(health.text()).ifPresent(instance -> parts.put(INSTANCE, cut(instance)));
            health.header(SERVER).stream()
                    .map(server -> server.split("[/ ]", 2)[0])
                    .filter(s -> !s.isEmpty())
                    .findFirst()
                    .ifPresent(server -> parts.put(SERVER, cut(server)));
        }
        parts.putAll(listener);
        return new CpIdentity(parts);
    }

    /**
     * With what tells its build. It is read once in the life of a process: hashing a large program each time would take
     * more than the rest of a round.
     *
     * @param build what /proc tells, asked only where the newest round has not told it of this very process
     */
    public CpIdentity with(History history, Supplier<Map<String, String>> build) {
        if (!parts.containsKey(PROCESS)) {
            return this;
        }
        Map<String, String> all = new LinkedHashMap<>(parts);
        Optional<Map<String, String>> known = history.newestFirst().stream()
                .findFirst()
                .flatMap(History::summary)
                .map(summary -> parts(summary.path(FIELD)))
                .filter(before -> BUILD.stream().anyMatch(before::containsKey)
                        && parts.get(PROCESS).equals(before.get(PROCESS))
                        && Objects.equals(parts.get(PROGRAM), before.get(PROGRAM)));
        Map<String, String> told = known.orElseGet(build);
        BUILD.stream().filter(told::containsKey).forEach(part -> all.put(part, cut(told.get(part))));
        return new CpIdentity(all);
    }

    private static Map<String, String> parts(JsonNode field) {
        Map<String, String> parts = new LinkedHashMap<>();
        field.properties()
                .forEach(part -> parts.put(part.getKey(), part.getValue().asText()));
        return parts;
    }

    private static Optional<String> instance(String health) {
        try {
            JsonNode answer = Json.parse(health);
            return INSTANCE_KEYS.stream()
                    .map(answer::path)
                    .filter(value -> value.isTextual() || value.isIntegralNumber())
                    .map(JsonNode::asText)
                    .filter(v -> !v.isBlank())
                    .findFirst();
        } catch (JsonProcessingException noJson) {
            return Optional.empty();
        }
    }

    private static String cut(String text) {
        // as the summary gives it back to the next round
        return Printable.wellFormed(text.length() > LONGEST ? text.substring(0, LONGEST) : text);
    }

    /**
     * The newest earlier round whose set check told something is the one to compare with; empty where that one knew no
     * identity.
     */
    public static Optional<Seen> lastSeen(History history) {
        for (Path round : history.newestFirst()) {
            JsonNode summary = History.summary(round).orElse(null);
            if (summary != null
                    && summary.path("lost_plans").isNumber()
                    && !summary.path("port_conflict").asBoolean()) {
                Map<String, String> parts = parts(summary.path(FIELD));
                return parts.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Seen(new CpIdentity(parts), RoundFiles.id(round)));
            }
        }
        return Optional.empty();
    }

    /** Whether it calls itself otherwise or runs another program: what a mere restart does not change. */
    public boolean isAnotherThan(CpIdentity before) {
        return differs(before, INSTANCE) || differs(before, SERVER) || differs(before, PROGRAM);
    }

    public boolean isRestartOf(CpIdentity before) {
        return differs(before, PROCESS);
    }

    private boolean differs(CpIdentity before, String part) {
        return parts.containsKey(part)
                && before.parts.containsKey(part)
                && !parts.get(part).equals(before.parts.get(part));
    }

    /** What changed, in words: {@code program /opt/a (was /opt/b)}. */
    public String changedSince(CpIdentity before) {
        List<String> changes = new ArrayList<>();
        parts.forEach((part, value) -> {
            if (differs(before, part)) {
                changes.add(part + " " + value + " (was " + before.parts.get(part) + ")");
            }
        });
        return String.join(", ", changes);
    }

    /** For the summary; null where nothing is known. */
    public Map<String, String> toJson() {
        return parts.isEmpty() ? null : parts;
    }
}
