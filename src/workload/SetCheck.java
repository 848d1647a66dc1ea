package workload;

import base.Time;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import probe.ControlPlaneApi;
import settings.Config;
import soak.RoundFiles;

/**
 * Holds what the control plane lists against what it has promised. One listing convicts nobody: a replica lags behind,
 * and pages that are counted shift while plans are made. What a listing misses or shows twice is looked for again,
 * after pauses that grow, and only what every listing says stands.
 */
public final class SetCheck {
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(6));

    private static final String LISTING_REMEDY =
            " Either GET /v1/rollouts ends early (a cap on its entries: see CP_PAGING), or it lags behind the store"
                    + " (let CP_URL name the primary)";

    private final Config config;
    private final ControlPlaneApi api;
    private final PlanLedger ledger;
    private final SoakPlans own;
    private final Time time;
    private final long deadline;
    private final BiConsumer<String, JsonNode> plans;
    private final List<String> warnings = new ArrayList<>();

    /**
     * What came out.
     *
     * @param figures fields of round-summary.json; what was not measured is absent
     * @param listingProblem null if the plans could be counted, else why not
     * @param problem null if the set is as it must be, else what is wrong with it, or why that is not known
     * @param findings null where nothing is concluded
     * @param lacksEveryPlan whether not one of the plans is listed that must be: it may be another control plane's
     *     listing
     * @param convicting the listing by which plans are newly called lost or listed twice; null where none are
     */
    public record Outcome(
            Map<String, Object> figures,
            List<String> warnings,
            String listingProblem,
            String problem,
            Findings findings,
            byte[] convicting,
            boolean lacksEveryPlan)
            implements StepOutcome {
        /** @param rolledBack what this round itself took away */
        public void write(RoundFolder folder, List<String> rolledBack) throws IOException {
            if (convicting != null) {
                folder.convictingListing(convicting);
            }
            if (findings != null) {
                folder.integrity(findings.toJson(rolledBack));
            }
        }
    }

    public SetCheck(Config config, ControlPlaneApi api, PlanLedger ledger, History history, Time time) {
        this(config, api, ledger, history, time, (id, plan) -> {});
    }

    /** @param plans sees each listed plan, by its id, in every reading */
    public SetCheck(
            Config config,
            ControlPlaneApi api,
            PlanLedger ledger,
            History history,
            Time time,
            BiConsumer<String, JsonNode> plans) {
        this.config = config;
        this.plans = plans;
        this.api = api;
        this.ledger = ledger;
        this.time = time;
        own = new SoakPlans(config.dir(), config.planIdPrefix(), history);
        deadline = System.nanoTime() + config.listingTimeout().toNanos(); // by the machine's own clock
    }

    private Duration left() {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    public Outcome check() throws IOException, InterruptedException {
        ControlPlaneApi.Listing listing = api.list(left(), ledger::same, () -> null, plans);
        if (!listing.complete()) {
            return notComplete(listing.problem());
        }
        Findings first = ledger.compare(listing.timesListed());
        List<Path> others = ledger.leaveOutOtherSoaks(config, first.lost());
        if (!others.isEmpty()) {
            boolean one = others.size() == 1;
            warnings.add(others.size() + (one ? " round" : " rounds") + " in rounds/ ran for another soak, by "
                    + (one ? "its" : "their") + " SOAK_ID or SOAK_STARTED_AT, first " + RoundFiles.id(others.get(0))
                    + ": their plans are not looked for here. Move " + (one ? "its folder" : "their folders")
                    + " away: reports count each as an interrupted round");
            first = ledger.compare(listing.timesListed());
        }
        Readings readings = new Readings(listing, first);
        if (first.lost().isEmpty() || listing.doubt() == null) { // else no repetition would convict
            readings.repeat();
        }
        if (!readings.last.complete()) {
            return notComplete(first.lost().size() + " plans seemed to be lost and "
                    + first.duplicate().size()
                    + " to be listed twice, but the listing that could confirm it is not complete: "
                    + readings.last.problem());
        }
        return judged(readings);
    }

    /** The listings of this round, and what they say together. */
    private final class Readings {
        private final List<Findings> passes = new ArrayList<>();
        private final Evidence evidence = new Evidence();
        private ControlPlaneApi.Listing last;
        private Findings found;
        private int entries;
        /** So many plans one listing showed and the next one missed, though it was no shorter by as many. */
        private long contradicted;

        Readings(ControlPlaneApi.Listing listing, Findings first) {
            last = listing;
            found = first;
            passes.add(first);
            entries = listing.count();
        }

        /** Lists again while that might acquit a plan that no earlier round has convicted. */
        void repeat() throws IOException, InterruptedException {
            List<Duration> pauses = new ArrayList<>(PAUSES);
            while (found.beyond(ledger.convicted()) && !pauses.isEmpty()) {
                time.sleep(pauses.remove(0));
                last = api.list(left(), ledger::same, evidence::ofNextReading, plans);
                if (last.complete()) {
                    Findings pass = ledger.compare(last.timesListed());
                    long gone = pass.lostSince(passes.get(passes.size() - 1));
                    // What comes or goes meanwhile shifts pages that are counted by so much.
                    contradicted = Math.max(contradicted, gone > Math.abs(last.count() - entries) ? gone : 0);
                    entries = last.count();
                    found = found.and(pass);
                    passes.add(pass);
                }
            }
        }
    }

    private Outcome judged(Readings readings) throws IOException {
        ControlPlaneApi.Listing listing = readings.last;
        Findings found = readings.found;
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("plan_count", listing.timesListed().size());
        figures.put("list_pages", listing.pages());
        figures.put("expected_plans", found.expectedCount());
        Findings missed = found.confirming(readings.passes);
        AskedByItself asked = AskedByItself.of(api, newlyLost(missed), this::left);
        // What it answers with by our ids it knows by them, whatever its listing leaves out.
        Optional<String> otherIds =
                listing.doubt() == null && asked.tellsNothing() ? otherIds(found, listing) : Optional.empty();
        if (otherIds.isPresent()) {
            boolean all = found.lost().size() == found.expectedCount();
            return new Outcome(figures, warnings, null, otherIds.get(), null, null, all);
        }
        if (asked.unknown() > 0) {
            String misses = "it misses " + missed.lost().size() + " expected plans, ";
            return notComplete(
                    asked.shown().isEmpty()
                            ? misses + "and the control plane does not answer whether they are there (GET"
                                    + " /v1/rollouts/ID). No plan is reported lost; the next round looks again"
                            : misses + "but " + shownByItself(asked) + "; whether the other " + asked.unknown()
                                    + " are there is not known. No plan is reported lost." + LISTING_REMEDY);
        }
        Findings sure = missed.without(asked.shown());
        if (!sure.lost().isEmpty() && listing.doubt() != null) {
            return notComplete(sure.lost().size() + " of " + sure.expectedCount()
                    + " expected plans are not on its only page, and " + listing.doubt());
        }
        // what another listing showed is there too
        int elsewhere = (int) sure.unconfirmed().stream()
                .filter(id -> !listing.timesListed().containsKey(id))
                .count();
        figures.put(
                "plan_count", listing.timesListed().size() + sure.shownById().size() + elsewhere);
        boolean convicts = sure.beyond(ledger.convicted());
        if (readings.contradicted > 0 && convicts) {
            return notComplete("its order changes: up to " + readings.contradicted
                    + " plans that one listing showed were"
                    + " missing in the next one, so that the " + sure.lost().size() + " plans that all "
                    + readings.passes.size() + " listings missed and the "
                    + sure.duplicate().size()
                    + " that all showed twice may be chance; let GET /v1/rollouts sort by a field that is"
                    + " unique and never changes, such as the id");
        }
        warn(sure, listing, asked);
        figures.put("lost_plans", sure.lost().size());
        figures.put("duplicate_plans", sure.duplicate().size());
        figures.put("revived_plans", sure.revived().size());
        figures.put("unconfirmed_plans", sure.unconfirmed().size());
        figures.put("unrecorded_plans", unrecorded(listing));
        return new Outcome(
                figures,
                warnings,
                null,
                sure.lost().isEmpty() && sure.duplicate().isEmpty() ? null : sentence(sure, listing),
                sure,
                convicts ? readings.evidence.gzip() : null,
                sure.expectedCount() > 0 && sure.lost().size() == sure.expectedCount());
    }

    /** What no earlier round has called lost; of an id that was given twice nobody has the plan. */
    private List<String> newlyLost(Findings missed) {
        return missed.lost().stream()
                .filter(id -> !ledger.convicted().contains(id) && ledger.givenAgain(id) == null)
                .toList();
    }

    private static String shownByItself(AskedByItself asked) {
        return "the control plane answers with " + asked.shown().size() + " of them by their ids (GET /v1/rollouts/ID"
                + ", first " + RoundFolder.named(asked.shown().iterator().next()) + ")";
    }

    private void warn(Findings sure, ControlPlaneApi.Listing listing, AskedByItself asked) {
        if (!asked.shown().isEmpty()) {
            warnings.add("no listing shows " + asked.shown().size() + " expected plans, but " + shownByItself(asked)
                    + ": they are there, and not lost." + LISTING_REMEDY);
        }
        List<String> deleted =
                sure.lost().stream().filter(listing.deleted()::contains).toList();
        if (!deleted.isEmpty()) {
            warnings.add(deleted.size() + (deleted.size() == 1 ? " lost plan is" : " lost plans are")
                    + " listed with a mark of deletion, which this soak did not ask for: "
                    + Recovery.firstOf(deleted) + ". Find out who deletes plans there");
        }
        if (!sure.unconfirmed().isEmpty()) {
            warnings.add(sure.unconfirmed().size()
                    + " plans were missing or listed twice in one listing, but not in another: unconfirmed, no"
                    + " verdict depends on them ("
                    + RoundFiles.INTEGRITY
                    + "); does a replica lag behind, or do the pages shift while plans are created?");
        }
        if (listing.twoPages()) {
            warnings.add("the second of two pages begins with what the first one ended with ("
                    + listing.overlap().stream()
                            .map(RoundFolder::named)
                            .findFirst()
                            .orElseThrow()
                    + "), with every limit: this counts as an overlap of the pages, and not as a plan that is"
                    + " listed twice, until a listing has a third page");
        }
    }

    /** Plans that bear the ids of rounds which are not there: whatever those found is not there either. */
    private int unrecorded(ControlPlaneApi.Listing listing) {
        TreeSet<String> rounds = new TreeSet<>();
        int plans = 0;
        for (String id : ledger.notMade(listing.timesListed().keySet())) {
            Optional<String> gone = own.goneRound(id);
            gone.ifPresent(rounds::add);
            plans += gone.isPresent() ? 1 : 0;
        }
        if (plans > 0) {
            warnings.add(plans
                    + (plans == 1 ? " listed plan has an id" : " listed plans have ids")
                    + " that rounds of this soak give, and rounds/ has no such round: "
                    + rounds.first()
                    + (rounds.size() == 1 ? "" : " to " + rounds.last() + " (" + rounds.size() + " rounds)")
                    + ". If they were deleted, or SOAK_DIR was restored from an older copy, bring them back; if a copy"
                    + " of SOAK_DIR or another soak with the same PLAN_ID_PREFIX makes plans here, end its rounds");
        }
        return plans;
    }

    private Outcome notComplete(String problem) {
        return new Outcome(Map.of(), warnings, problem, "the listing is not complete: " + problem, null, null, false);
    }

    private String sentence(Findings found, ControlPlaneApi.Listing listing) {
        long unknown = ledger.unknown(listing.timesListed().keySet());
        return found.lost().size() + " acknowledged plans are lost and "
                + found.duplicate().size() + " are listed more than once, see " + RoundFiles.INTEGRITY
                + found.lost().stream()
                        .findFirst()
                        .map(id -> "; first " + id + ", "
                                + (found.lastSeen().containsKey(id)
                                        ? "last seen in " + found.lastSeen().get(id)
                                        : "never listed")
                                + (ledger.givenAgain(id) == null
                                        ? ""
                                        : ": the control plane gave it the id "
                                                + RoundFolder.named(ledger.givenAgain(id))
                                                + ", which another plan has already"))
                        .orElse("")
                + found.duplicate().stream()
                        .findFirst()
                        .map(id -> "; first listed more than once " + RoundFolder.named(id))
                        .orElse("")
                + (!found.lost().isEmpty() && unknown >= found.lost().size()
                        ? "; the listing also has " + unknown + " plans that this soak did not make"
                        : "");
    }

    /**
     * Before any plan was ever seen under its id, as many unknown ones are no loss: the control plane gives ids of its
     * own, or writes ours otherwise. A remedy comes too late for this soak: nothing tells which of the listed plans are
     * those that were made before.
     */
    private Optional<String> otherIds(Findings found, ControlPlaneApi.Listing listing) throws IOException {
        Set<String> listed = listing.timesListed().keySet();
        long unknown = ledger.unknown(listed);
        if (found.lost().isEmpty() || unknown < found.lost().size()) {
            return Optional.empty();
        }
        if (ledger.knownByOtherIds(found)) {
            return Optional.of(found.lost().size() + " plans were made before the control plane's own ids were known"
                    + " (CP_ID_KEY), and " + unknown
                    + " unknown plans are listed: no plan is reported lost, and this check does not count."
                    + " Start a new soak, in another folder, with CP_ID_KEY from its first round on: nothing"
                    + " shows which of the listed plans those are, so this soak can no longer prove that nothing"
                    + " is lost");
        }
        if (found.lost().size() < found.expectedCount() || ledger.everSeen()) {
            return Optional.empty();
        }
        boolean givenIds = !config.idKey().isEmpty()
                && found.lost().stream().noneMatch(id -> id.startsWith(config.planIdPrefix() + "-"));
        String how = api.fieldThatHolds(Set.copyOf(found.lost()), left())
                .map(field -> "the field " + field + " of listed plans holds the ids: set CP_ID_KEY=" + field)
                .or(() -> OtherSpelling.of(found.lost(), listed)
                        .map(pair -> "the control plane changes their spelling (" + pair + "): "
                                + (givenIds
                                        ? "CP_ID_KEY must name a field that is spelt alike in the create's answer and"
                                                + " in a listed plan"
                                        : "choose a PLAN_ID_PREFIX that it keeps")))
                .orElse("if the control plane assigns its own ids, set CP_ID_KEY to the field of the create's answer"
                        + " and of a listed plan that holds the id"
                        + (config.idKey().isEmpty() || givenIds
                                ? ""
                                : " (it is " + config.idKey() + " now, and no create's answer has an id there)"));
        return Optional.of(
                "none of the " + found.lost().size() + " expected plans is listed under its id, but " + unknown
                        + " unknown plans are listed: no plan is reported lost, and this check does not count; " + how
                        + ". Do that in a new soak, in another folder: this one can no longer prove that"
                        + " nothing is lost");
    }

    /** The pages of a listing as they came, one a line, compressed as they come: a month's plans take megabytes. */
    private static final class Evidence {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private GZIPOutputStream gzip;

        /** Forgets the reading before. */
        Consumer<byte[]> ofNextReading() {
            bytes.reset();
            gzip = null;
            return this::add;
        }

        private void add(byte[] page) {
            try {
                gzip = gzip == null ? new GZIPOutputStream(bytes) : gzip;
                gzip.write(RoundFolder.oneLine(page));
            } catch (IOException inMemory) {
                throw new UncheckedIOException(inMemory);
            }
        }

        byte[] gzip() throws IOException {
            if (gzip != null) {
                gzip.close();
            }
            return bytes.toByteArray();
        }
    }
}
