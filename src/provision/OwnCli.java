package provision;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import settings.Config;

/**
 * Settings with which the frozen build's own CLI refuses each recovery. The first recovery comes an hour or days after
 * the first round, and a rollback rate that was lost by then is lost.
 */
public final class OwnCli {
    /** As {@code rollback execute} takes it: a test holds the two together. */
    private static final Pattern OPERATOR = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private static final Set<String> STRATEGIES = Set.of("retry", "rollback");

    private OwnCli() {}

    /** @return why, and what to do */
    public static Optional<String> refusal(Config config) {
        Map<String, String> environment = config.autonomyEnvironment();
        if (!OPERATOR.matcher(config.operator()).matches()) {
            return Optional.of("AUTONOMY_OPERATOR is '" + config.operator() + "', with which the frozen build's own CLI"
                    + " refuses each recovery: give a name of 1 to 200 printable ASCII characters without spaces");
        }
        if (!STRATEGIES.contains(config.recoveryStrategy().toLowerCase(Locale.ROOT))) {
            return Optional.of("RECOVERY_STRATEGY is '" + config.recoveryStrategy() + "', with which the frozen build's"
                    + " own CLI refuses each recovery: give retry or rollback");
        }
        if (!"0".equals(environment.get("AUTONOMY_RBAC_ENFORCEMENT"))
                && !environment.containsKey("AUTONOMY_RBAC_DIR")) {
            return Optional.of("AUTONOMY_RBAC_ENFORCEMENT is not 0 and there is no AUTONOMY_RBAC_DIR, with which the"
                    + " frozen build's own CLI denies each recovery: set AUTONOMY_RBAC_ENFORCEMENT=0, or"
                    + " AUTONOMY_RBAC_DIR to a folder whose file operators names " + config.operator());
        }
        return Optional.empty();
    }
}
