package provision;

import base.Json;
import base.Time;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import probe.ControlPlaneApi;
import settings.Config;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * What the first round's plans tell of the listings to come. Below a page's hundred plans nothing shows how the control
 * plane pages, and five hours in a round cannot count any more: so it is tried with a plan a page.
 */
public final class FirstListing {
    private static final int PAGES = 3;

    private FirstListing() {}

    /**
     * @return what setup must warn of, a sentence each; empty if plans are listed under their ids and the paging is
     *     understood
     */
    public static List<String> warnings(Config config, Time time) throws IOException {
        List<String> warnings = new ArrayList<>();
        JsonNode round = firstRound(config.dir());
        String why = round.path("failures").path("v07_integrity").asText();
        if (round.path("lost_plans").isNull()
                && (round.path("plan_count").isNumber() || why.startsWith("the listing is not complete"))) {
            warnings.add(
                    round.path("plan_count").isNumber()
                            ? why
                            : why + ". Until then no round can tell whether a plan is lost, and the soak cannot prove"
                                    + " that none is");
        }
        long plans = round.path("plan_count").asLong();
        if (plans < 2) {
            return warnings;
        }
        ControlPlaneApi.Listing listing = new ControlPlaneApi(config, time).tryPaging(config.listingTimeout(), PAGES);
        String problem = listing.problem() != null
                ? listing.problem()
                : listing.timesListed().size() > 1 ? null : "it ends after 1 of " + plans + " plans";
        if (listing.pages() == 0 && listing.code().startsWith("4")) {
            warnings.add("how the listing is paged could not be tried, since the control plane refuses limit=1 ("
                    + problem + "): once there are more than 100 plans, see that v05_plan_count is PASS");
        } else if (problem != null) {
            warnings.add("the paging of the listing is not understood (tried with limit=1 on " + plans + " plans): "
                    + problem
                    + ". Once there are more plans than a page holds, no round can count them, and the soak can prove"
                    + " neither the size of the fleet nor that no plan is lost");
        } else if (listing.pages() == 1) {
            tooLarge(config, listing).ifPresent(warnings::add);
        }
        return warnings;
    }

    /** A control plane that pages nothing gives all plans in one answer, of which a round reads only so much. */
    private static Optional<String> tooLarge(Config config, ControlPlaneApi.Listing listing) {
        long bytes = Math.max(1, listing.largestPage() / listing.count());
        long plans = config.schedule().totalSlots() * config.plansPerRound();
        return bytes * plans <= ControlPlaneApi.MAX_BODY_BYTES
                ? Optional.empty()
                : Optional.of("the control plane does not obey limit=1 and lists " + listing.count() + " plans in one"
                        + " answer, of some " + bytes + " bytes each: if all " + plans + " plans of this soak come so,"
                        + " no round can count them from some " + ControlPlaneApi.MAX_BODY_BYTES / bytes
                        + " plans on, where the answer has more than 16 MiB. Let it page its listing, or give it"
                        + " smaller plans (plan-template.json)");
    }

    private static JsonNode firstRound(SoakDir dir) throws IOException {
        Optional<Instant> first = Beginning.firstRound(dir);
        Path summary = dir.round(RoundFiles.id(first.orElse(Instant.EPOCH))).resolve(RoundFiles.SUMMARY);
        return Files.exists(summary) ? Json.parse(Files.readString(summary)) : Json.MAPPER.createObjectNode();
    }
}
