package lab.selftest;

import base.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import soak.RoundFiles;

/** Ways to alter evidence that was sealed. Each is drawn by a random number generator, and says what must be named. */
public enum Alteration {
    /** One byte, in any file of a round. */
    BYTE {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            return bitFlipped(soak, any(files(any(closedLater(soak), random)), random), random);
        }
    },
    /** Two lines that change places. */
    LINE_SWAPPED {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            while (true) {
                Path file = any(files(any(closedLater(soak), random)), random);
                String[] lines = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).split("(?<=\n)");
                int first = random.nextInt(lines.length);
                int second = random.nextInt(lines.length);
                if (!lines[first].equals(lines[second])) {
                    String kept = lines[first];
                    lines[first] = lines[second];
                    lines[second] = kept;
                    Files.writeString(file, String.join("", lines), StandardCharsets.ISO_8859_1);
                    return soak.dir().name(file);
                }
            }
        }
    },
    FILE_DELETED {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            Path file = any(files(any(closedLater(soak), random)), random);
            Files.delete(file);
            return soak.dir().name(file);
        }
    },
    FILE_ADDED {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            Path file = any(rounds(soak), random).resolve("notes-" + random.nextInt(1000) + ".txt");
            Files.writeString(file, "nothing\n");
            return soak.dir().name(file);
        }
    },
    FILE_EMPTIED {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            Path file = any(files(any(closedLater(soak), random)), random);
            Files.write(file, new byte[0]);
            return soak.dir().name(file);
        }
    },
    /** By the same file of another round. */
    FILE_REPLACED {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            while (true) {
                Path file = any(files(any(closedLater(soak), random)), random);
                Path other = any(rounds(soak), random).resolve(file.getFileName());
                if (Files.exists(other) && !Arrays.equals(Files.readAllBytes(file), Files.readAllBytes(other))) {
                    Files.write(file, Files.readAllBytes(other));
                    return soak.dir().name(file);
                }
            }
        }
    },
    FOLDER_DELETED {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            Path round = any(closedLater(soak), random);
            Folders.delete(round);
            return soak.dir().name(round);
        }
    },
    FOLDER_RENAMED {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            Path round = any(closedLater(soak), random);
            Files.move(round, beside(soak, round, random));
            return soak.dir().name(round);
        }
    },
    /** Into a time that has no round. */
    FOLDER_COPIED {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            Path round = any(rounds(soak), random);
            Path copy = beside(soak, round, random);
            Files.createDirectories(copy);
            for (Path file : files(round)) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
            return soak.dir().name(copy);
        }
    },
    /** The folders of a date, but for the last one's. */
    DAY_DELETED {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            List<Path> dates = RoundFiles.children(soak.dir().rounds());
            Path date = any(dates.subList(0, dates.size() - 1), random);
            List<Path> rounds = RoundFiles.children(date);
            for (Path round : rounds) {
                Folders.delete(round);
            }
            return soak.dir().name(rounds.get(rounds.size() - 1));
        }
    },
    /** The last rounds: only a head from after the cut tells. */
    TAIL_CUT(true) {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            List<Path> rounds = rounds(soak);
            int cut = 1 + random.nextInt(20);
            for (Path round : rounds.subList(rounds.size() - cut, rounds.size())) {
                Folders.delete(round);
            }
            return soak.dir().name(rounds.get(rounds.size() - 1));
        }
    },
    LOG_CUT {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            Path log = soak.dir().alertsLog();
            byte[] bytes = Files.readAllBytes(log);
            Files.write(log, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            return soak.dir().name(log);
        }
    },
    LOG_EDITED {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            return bitFlipped(soak, soak.dir().alertsLog(), random);
        }
    },
    SETUP_EDITED {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            return bitFlipped(soak, soak.dir().setupSummary(), random);
        }
    },
    /** A figure of one round, and all seals made anew: only a head that was known before tells. */
    SEALS_REBUILT(true) {
        @Override
        String make(SealedSoak soak, Random random) throws IOException {
            Path times = any(rounds(soak), random).resolve(RoundFiles.TIMES);
            Files.writeString(times, Files.readString(times).replaceFirst("\\d(?=\n)", "" + random.nextInt(5) + "1"));
            soak.seal();
            List<Path> rounds = rounds(soak);
            return soak.dir().name(rounds.get(rounds.size() - 1));
        }
    };

    /** Whether it leaves nothing that the seals alone could tell. */
    public final boolean needsHead;

    Alteration() {
        this(false);
    }

    Alteration(boolean needsHead) {
        this.needsHead = needsHead;
    }

    /** @return the file or folder that must be named, from SOAK_DIR on */
    abstract String make(SealedSoak soak, Random random) throws IOException;

    private static String bitFlipped(SealedSoak soak, Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
        return soak.dir().name(file);
    }

    private static <T> T any(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    private static List<Path> rounds(SealedSoak soak) throws IOException {
        return RoundFiles.folders(soak.dir().rounds());
    }

    /** All but the newest, whose summary nothing fixes yet. */
    private static List<Path> closedLater(SealedSoak soak) throws IOException {
        List<Path> rounds = rounds(soak);
        return rounds.subList(0, rounds.size() - 1);
    }

    private static List<Path> files(Path round) throws IOException {
        return RoundFiles.children(round).stream()
                .filter(file -> file.toFile().length() > 0)
                .toList();
    }

    private static Path beside(SealedSoak soak, Path round, Random random) {
        Instant second = RoundFiles.second(round).plusSeconds(60 + random.nextInt(3000));
        return soak.dir().round(RoundFiles.id(second));
    }
}
