package workload;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import soak.RoundFiles;

/**
 * What a round's creates came to, by their answers (contract, section 5): 201 is a promise. A refusal (4xx but 408) is
 * an answer as well: whatever bears the plan's id is not that create's. Every other one, or none, leaves the create in
 * doubt.
 *
 * @param acknowledged the ids to be listed from now on, as the control plane gave them
 * @param asked the same, as they were asked for
 * @param inDoubt ids that may be listed or not
 * @param refused ids that were asked for and not made: what bears one of them is somebody else's
 * @param unnamed answers of 201 beyond the ids that are there
 */
record Creates(
        List<String> acknowledged, List<String> asked, List<String> inDoubt, List<String> refused, long unnamed) {
    private static final String CREATED = "201";
    private static final String GAVE_UP_WAITING = "408"; // for a request that it may have got all the same

    static Creates of(Path round) throws IOException {
        List<String> ids = RoundFolder.readLines(round.resolve(RoundFiles.PLAN_IDS));
        List<String> codes = RoundFolder.readLines(round.resolve(RoundFiles.CODES));
        Map<String, String> given = given(round);
        List<String> asked = new ArrayList<>();
        List<String> inDoubt = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            String code = i < codes.size() ? codes.get(i) : "";
            if (code.equals(CREATED)) {
                asked.add(ids.get(i));
            } else {
                (refuses(code) ? refused : inDoubt).add(ids.get(i));
            }
        }
        return new Creates(
                given.isEmpty()
                        ? asked
                        : asked.stream().map(id -> given.getOrDefault(id, id)).toList(),
                asked,
                inDoubt,
                refused,
                codes.stream().skip(ids.size()).filter(CREATED::equals).count());
    }

    static boolean refuses(String code) {
        return code.matches("4\\d\\d") && !code.equals(GAVE_UP_WAITING);
    }

    /**
     * By the id that was asked for, the one that the create's answer gave the plan, where that is another (CP_ID_KEY).
     */
    static Map<String, String> given(Path round) throws IOException {
        Map<String, String> given = new HashMap<>();
        for (String line : RoundFolder.readLines(round.resolve(RoundFiles.GIVEN_IDS))) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                given.put(line.substring(0, blank), RoundFolder.idOf(line.substring(blank + 1)));
            }
        }
        return given;
    }
}
