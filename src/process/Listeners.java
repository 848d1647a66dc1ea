package process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who listens on a TCP port of this host, read from /proc: an answer with code 200 says nothing about who gave it. */
public final class Listeners {
  private static final String LISTEN = "0A"; // TCP_LISTEN of the kernel's tcp_states.h
  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  /** What is known of a port's listener. */
  public enum Owner { NOBODY, OURS, STRANGER, UNKNOWN }

  private Listeners() {}

  /**
   * @param pids the processes that are ours
   * @return UNKNOWN where /proc cannot tell
   */
  public static Owner owner(int port, Collection<Long> pids) {
    Set<String> sockets = new HashSet<>();
    boolean readable = false;
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      try {
        for (String line : Files.readAllLines(Path.of(table))) {
          String[] fields = line.strip().split("\\s+");
          if (fields.length > INODE && fields[STATE].equals(LISTEN) && port(fields[LOCAL_ADDRESS]) == port) {
            sockets.add("socket:[" + fields[INODE] + "]");
          }
        }
        readable = true;
      } catch (IOException absent) {
        // no such table: no such protocol on this host
      }
    }
    if (!readable) {
      return Owner.UNKNOWN;
    }
    if (sockets.isEmpty()) {
      return Owner.NOBODY;
    }
    return pids.stream().anyMatch(pid -> holdsAny(pid, sockets)) ? Owner.OURS : Owner.STRANGER;
  }

  private static int port(String hexAddress) {
    return Integer.parseInt(hexAddress.substring(hexAddress.lastIndexOf(':') + 1), 16);
  }

  private static boolean holdsAny(long pid, Set<String> sockets) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path descriptor : descriptors) {
        try {
          if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
            return true;
          }
        } catch (IOException closedMeanwhile) {
          // not a listener then
        }
      }
      return false;
    } catch (IOException goneOrNotOurs) {
      return false;
    }
  }
}
