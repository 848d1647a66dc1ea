package lab.controlplane;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Who may recover plans: the role store is one file, {@code AUTONOMY_RBAC_DIR/operators}, a subject a line. An empty or
 * absent store denies.
 */
final class Rbac {
    private static final String ENFORCEMENT = "AUTONOMY_RBAC_ENFORCEMENT";
    private static final String DIR = "AUTONOMY_RBAC_DIR";
    private static final String OPERATORS = "operators";

    private Rbac() {}

    static boolean allows(Map<String, String> environment, String subject) throws IOException {
        if ("0".equals(environment.get(ENFORCEMENT))) {
            return true;
        }
        String dir = environment.getOrDefault(DIR, "");
        Path operators = Path.of(dir, OPERATORS);
        return !dir.isEmpty()
                && Files.isRegularFile(operators)
                && Files.readAllLines(operators, StandardCharsets.UTF_8).stream()
                        .map(String::strip)
                        .anyMatch(subject::equals);
    }

    static String remedy(Map<String, String> environment) {
        String dir = environment.getOrDefault(DIR, "");
        return dir.isEmpty()
                ? "set " + DIR + " to a folder whose file " + OPERATORS + " names the subject, or " + ENFORCEMENT + "=0"
                : "add the subject as a line to " + Path.of(dir, OPERATORS) + ", or set " + ENFORCEMENT + "=0";
    }
}
