import java.io.FileInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import process.Listeners;

/**
 * A process that asks who listens at a URL, first with all files that it may open, then with ever fewer.
 *
 * <p>Arguments: the URL, the process that listens there, and how many files to leave, each answered by a line.
 */
final class FewFiles {
    private FewFiles() {}

    public static void main(String[] args) throws IOException {
        URI url = URI.create(args[0]);
        List<Long> ours = List.of(Long.parseLong(args[1]));
        // loads all classes
        List<String> answers =
                new ArrayList<>(List.of(Listeners.at(url).owner(ours).toString()));
        Listeners asked = Listeners.at(url);
        Deque<FileInputStream> taken = new ArrayDeque<>();
        try {
            while (true) {
                taken.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException noneLeft) {
            // as many as this process may open
        }
        for (int i = 2; i < args.length; i++) {
            int left = Integer.parseInt(args[i]);
            List<FileInputStream> given = new ArrayList<>();
            for (int j = 0; j < left; j++) {
                given.add(taken.pop());
            }
            for (FileInputStream file : given) {
                file.close();
            }
            answers.add(asked.owner(ours).toString());
            for (int j = 0; j < left; j++) {
                taken.push(new FileInputStream("/dev/null"));
            }
        }
        for (FileInputStream file : taken) {
            file.close();
        }
        System.out.println(String.join(" ", answers));
    }
}
