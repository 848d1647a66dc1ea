package lab.selftest;

import picocli.CommandLine.Option;

/** What asks for the selftest. */
public final class SelfTestOptions {
    @Option(
            names = "--selftest",
            description = "Test the report itself: damage good evidence in hundreds of ways and check that the report"
                    + " detects each. Needs no SOAK_DIR.")
    public boolean wanted;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "selftest: draw other alterations of sealed evidence (default: " + Alterations.SEED + ").")
    public Long seed;

    /** How many options it takes. */
    public int given() {
        return (wanted ? 1 : 0) + (seed == null ? 0 : 1);
    }

    long seedOrDefault() {
        return seed == null ? Alterations.SEED : seed;
    }
}
