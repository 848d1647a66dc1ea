package lab.selftest;

import base.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import seal.Seal;
import seal.Sealer;
import settings.Config;
import soak.RoundFiles;
import soak.SoakDir;

/** A good soak whose rounds are sealed, one after the other, as rounds do it; and made whole again after damage. */
public final class SealedSoak {
    private final SoakDir dir;
    private final Map<String, byte[]> whole = new HashMap<>();

    private SealedSoak(SoakDir dir) {
        this.dir = dir;
    }

    /** @param folder a new one */
    public static SealedSoak write(Path folder) throws IOException {
        SealedSoak soak = new SealedSoak(GoodSoak.write(folder).dir);
        soak.seal();
        for (Path file : soak.files()) {
            soak.whole.put(soak.dir.name(file), Files.readAllBytes(file));
        }
        return soak;
    }

    public SoakDir dir() {
        return dir;
    }

    /** Every round anew, by the files as they stand: what somebody does who knows how seals are made. */
    void seal() throws IOException {
        Config config = Config.read(dir);
        List<Path> earlier = new ArrayList<>();
        for (Path round : RoundFiles.folders(dir.rounds())) {
            Path file = round.resolve(RoundFiles.SUMMARY);
            ObjectNode summary = (ObjectNode) Json.parse(Files.readString(file));
            summary.remove(Seal.FIELD);
            summary.set(
                    Seal.FIELD,
                    Json.MAPPER.valueToTree(Sealer.of(config, round, earlier).toJson()));
            Files.writeString(file, Json.write(summary));
            earlier.add(round);
        }
    }

    /** Undoes what was done to it. */
    public void restore() throws IOException {
        for (Path file : files()) {
            if (!whole.containsKey(dir.name(file))) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, byte[]> entry : whole.entrySet()) {
            Path file = dir.root().resolve(entry.getKey());
            if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), entry.getValue())) {
                Files.createDirectories(file.getParent());
                Files.write(file, entry.getValue());
            }
        }
        try (Stream<Path> all = Files.walk(dir.rounds())) {
            for (Path folder : all.filter(Files::isDirectory).toList()) {
                if (RoundFiles.isFolder(folder) && RoundFiles.children(folder).isEmpty()) {
                    Files.delete(folder);
                }
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(dir.root())) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
