package seal;

import java.time.Instant;

/**
 * A time stamp of a head, {@code seals/DATE.tsr}.
 *
 * @param file below the soak's folder
 * @param sha256 the hash that it stamps, 64 hex digits; null if it is no stamp
 * @param at when, by the authority's clock; null likewise
 * @param authority who signed, by its certificate; null likewise
 * @param problem why it proves nothing, as the end of a sentence; null for a stamp that is whole
 * @param trusted whether one of the CAs that were given vouches for the signer: then the head was known elsewhere
 */
public record Stamp(String file, String sha256, Instant at, String authority, String problem, boolean trusted) {}
